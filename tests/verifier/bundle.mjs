// The checks of docs/bundle.md, in its order. The first that fails ends it.

import { checkpoint, tlogProof, addCheckpoint } from "./notes.mjs";
import { compareText } from "./canonical.mjs";
import { files as filesAt } from "./container.mjs";
import { Misuse, Problem, orProblem } from "./failure.mjs";
import { folded } from "./fold.mjs";
import { everyHead, lastHead } from "./heads.mjs";
import { inOrder, leaves as leavesIn } from "./leaves.mjs";
import { DEFINITION, PROOF, manifest as manifestIn } from "./manifest.mjs";
import { ofOneLog, policy as policyIn, signers } from "./policy.mjs";
import { consistent, included, root, sha256 } from "./tree.mjs";

const LARGEST = 2 ** 20;
const MARK = "\xef\xbb\xbf"; // a byte order mark

/**
 * What a bundle comes to. `given`: what the auditor brings, each or none: `policy` and `earlier` (bytes), `key` (a vkey). `answer` is the
 * object of `--json`; `words` says in English what did not hold; `policy` is the one that counted, `bundled` whether it is the bundle's.
 */
export function verified(path, given) {
  const brought = own(given);
  const found = { answer: blank(), words: "", policy: null, bundled: false };
  try {
    check(path, brought, found);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    found.answer.problem = error.seq === undefined ? { code: error.code } : { code: error.code, seq: error.seq };
    found.words = error.message;
  }
  found.answer.ok = found.answer.problem === null;
  return found;
}

/** What the verifier's process exits with. */
export function exitCode({ ok, problem }) {
  if (ok) return 0;
  return problem.code === "no_ed25519" ? 4 : 3;
}

function blank() {
  return { ok: false, problem: null, log: null, size: null, root: null, scope: null, signed_by: [], units: [] };
}

const isGiven = (option) => option !== null && option !== undefined;

function own({ policy, key, earlier }) {
  if (policy && isGiven(key)) throw new Misuse("--policy and --key do not go together");
  try {
    return {
      policy: policy ? policyIn(unix(policy)) : isGiven(key) ? ofOneLog(key.trim()) : null,
      earlier: earlier ? checkpoint(unix(earlier)) : null,
    };
  } catch (error) {
    throw new Misuse(error.message);
  }
}

// The auditor's own files may have been through an editor of Windows.
function unix(bytes) {
  const text = small(bytes).toString("latin1");
  return Buffer.from((text.startsWith(MARK) ? text.slice(MARK.length) : text).replaceAll("\r\n", "\n"), "latin1");
}

function small(bytes) {
  if (bytes.length > LARGEST) throw new Error("the file is too large to be one");
  return bytes;
}

function check(path, { policy, earlier }, found) {
  const { answer } = found;
  const packed = filesAt(path);
  const { manifest, contents: files } = orProblem("manifest", () => manifestIn(packed));
  answer.scope = manifest.scope;
  const note = orProblem("checkpoint", () => namedCheckpoint(files, manifest));
  Object.assign(answer, { log: note.origin, size: manifest.size, root: manifest.root });
  answer.signed_by = orProblem("signature", () => signedBy(note, policy, files, found));
  const leaves = leavesIn(files.get("leaves.jsonl"), manifest);
  CHECKS[manifest.scope](leaves, files, manifest, note);
  definitions(leaves, files, manifest.scope);
  const units = folded(leaves);
  if (earlier !== null) past(earlier, note, leaves, files, manifest.scope);
  answer.units = units;
}

function namedCheckpoint(files, manifest) {
  const note = checkpoint(small(files.get("checkpoint")));
  const same = note.origin === manifest.log && note.size === BigInt(manifest.size) && note.root.toString("hex") === manifest.root;
  if (!same) throw new Error("the checkpoint is not the one that the manifest names");
  return note;
}

function signedBy(note, policy, files, found) {
  found.bundled = policy === null && files.has("policy");
  found.policy = found.bundled ? policyIn(small(files.get("policy"))) : policy;
  return found.policy === null ? [] : signers(found.policy, note).sort(compareText);
}

const CHECKS = {
  season(leaves, files, manifest, note) {
    const whole = leaves.length === manifest.size && root(leaves.map((leaf) => leaf.hash)).equals(note.root);
    if (!whole) throw new Problem("root", "the leaves do not come to the root of the checkpoint");
    inOrder(leaves);
    everyHead(leaves);
  },
  unit(leaves, files, manifest, note) {
    proofs(leaves, files, note);
    inOrder(leaves);
    orProblem("heads", () => lastHead(leaves, small(files.get("heads.json")), manifest));
  },
};

function proofs(leaves, files, note) {
  const unused = new Set([...files.keys()].filter((name) => PROOF.test(name)));
  for (const leaf of leaves) {
    const name = `proofs/${leaf.seq}.tlog-proof`;
    const bytes = files.get(name);
    if (bytes === undefined) throw new Problem("proof", "there is no proof of it", leaf.seq);
    if (!proves(bytes, leaf, note)) throw new Problem("proof", "its proof does not hold", leaf.seq);
    unused.delete(name);
  }
  for (const name of unused) throw new Problem("proof", `${name} is of no leaf`);
}

function proves(bytes, leaf, note) {
  let proof;
  try {
    proof = tlogProof(small(bytes));
  } catch {
    return false;
  }
  const fits = proof.index === BigInt(leaf.seq - 1) && proof.checkpoint.text === note.text;
  return fits && included(leaf.hash, proof.index, note.size, proof.hashes, note.root);
}

const NAMING = { workflow_adopted: "digest", plan_issued: "digest", unit_enrolled: "workflow" };
const NAMING_OF = { season: { ...NAMING, season_opened: "digest" }, unit: NAMING };

function definitions(leaves, files, scope) {
  const known = new Set();
  for (const [name, bytes] of files) {
    const digest = DEFINITION.exec(name)?.[1];
    if (digest === undefined) continue;
    if (sha256(bytes).toString("hex") !== digest) throw new Problem("definition", `${name} has another content`);
    known.add(digest);
  }
  for (const { kind, payload, seq } of leaves) {
    const key = Object.hasOwn(NAMING_OF[scope], kind) ? NAMING_OF[scope][kind] : null;
    if (key !== null && !known.has(payload[key])) throw new Problem("definition", "what it names is none of the definitions", seq);
  }
}

function past(earlier, note, leaves, files, scope) {
  const same = earlier.origin === note.origin && earlier.size <= note.size;
  if (!same) throw new Problem("past", "another log, or fewer leaves than then");
  if (scope === "season") {
    const then = leaves.slice(0, Number(earlier.size)).map((leaf) => leaf.hash);
    if (!root(then).equals(earlier.root)) throw new Problem("past", "the leaves of then are others now");
  } else if (earlier.size === note.size) {
    if (!earlier.root.equals(note.root)) throw new Problem("past", "the leaves of then are others now");
  } else {
    goesOn(earlier, note, files.get("consistency"));
  }
}

function goesOn(earlier, note, bytes) {
  if (bytes === undefined) throw new Problem("no_proof", "nothing in the bundle leads from the earlier checkpoint to this one");
  const proof = orProblem("past", () => addCheckpoint(small(bytes)));
  if (proof.checkpoint.text !== note.text) throw new Problem("past", "what should lead to this checkpoint leads to another");
  if (proof.old !== earlier.size) throw new Problem("no_proof", `the bundle's proof starts from ${proof.old} leaves`);
  const holds = consistent(earlier.size, note.size, earlier.root, note.root, proof.hashes);
  if (!holds) throw new Problem("past", "nothing in the bundle leads from the earlier checkpoint to this one");
}
