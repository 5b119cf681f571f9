// Nothing left out: the tree over each unit's last leaf, of which a `heads_recorded` holds the root.

import { compareText, hasKeys, isHash, isText, isWhole, parsed } from "./canonical.mjs";
import { Problem } from "./failure.mjs";
import { included, leafHash, root } from "./tree.mjs";

/** The hash of a unit's entry, by the unit's last leaf. */
function entryHash({ unit, version, hash }) {
  return leafHash(Buffer.from(`{"leaf":"${hash.toString("hex")}","unit":${JSON.stringify(unit)},"version":${version}}`));
}

/** Of a season: each `heads_recorded` says what the leaves before it come to. */
export function everyHead(leaves) {
  const last = new Map();
  for (const leaf of leaves) {
    if (leaf.kind === "heads_recorded" && !says(leaf.payload, last)) {
      throw new Problem("heads", "not what the leaves before it come to", leaf.seq);
    }
    last.set(leaf.unit, leaf);
  }
}

function says(payload, last) {
  if (!isHead(payload) || payload.size !== last.size) return false;
  const units = [...last.keys()].sort(compareText);
  return root(units.map((unit) => entryHash(last.get(unit)))).toString("hex") === payload.root;
}

function isHead(payload) {
  return hasKeys(payload, "root", "size") && isHash(payload.root) && isWhole(payload.size) && payload.size >= 0;
}

/** Of a unit: the last head speaks of the unit's last leaf and of the season's last before it. */
export function lastHead(leaves, bytes, { unit, size }) {
  const proofs = parsed(bytes);
  const formed = Array.isArray(proofs) && proofs.length === 2 && isProof(proofs[0], unit) && isProof(proofs[1], "season");
  demand(formed, "heads.json has another form");
  const head = leaves.findLast((leaf) => leaf.unit === "season");
  demand(head?.kind === "heads_recorded" && head.seq === size && isHead(head.payload), "the last season-wide leaf is no head of all");
  const expected = Buffer.from(head.payload.root, "hex");
  for (const { unit: code, index, hashes } of proofs) {
    const last = leaves.findLast((leaf) => leaf.unit === code && leaf !== head);
    demand(last !== undefined, `no leaf of ${code}`);
    const path = hashes.map((hash) => Buffer.from(hash, "hex"));
    demand(included(entryHash(last), index, head.payload.size, path, expected), `a leaf of ${code} was left out, or is another`);
  }
}

function isProof(value, unit) {
  const formed = hasKeys(value, "hashes", "index", "unit") && value.unit === unit && isWhole(value.index) && value.index >= 0;
  return formed && Array.isArray(value.hashes) && value.hashes.every(isHash);
}

function demand(holds, words) {
  if (!holds) throw new Problem("heads", words);
}
