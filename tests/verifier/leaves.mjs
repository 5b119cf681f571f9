// The leaves, and what holds of them one by one and in their order.

import { compareText, isCount, isObject, isText, parsed } from "./canonical.mjs";
import { Problem } from "./failure.mjs";
import { leafHash } from "./tree.mjs";

const TEXTS = ["season", "origin", "unit", "command", "kind", "on", "at"];
const NEWLINE = 0x0a;
const LONGEST = 2 ** 24;

/** Each leaf: its value, with `hash` beside it. */
export function leaves(bytes, manifest) {
  const read = new Reading(manifest);
  const made = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) throw new Problem("leaves", "the last line has no end");
    made.push(read.leaf(bytes.subarray(start, end)));
    start = end + 1;
  }
  if (made.length !== manifest.events) throw new Problem("leaves", `${made.length} leaves, the manifest says ${manifest.events}`);
  return made;
}

class Reading {
  last = 0;

  constructor(manifest) {
    this.manifest = manifest;
  }

  leaf(line) {
    let value;
    try {
      if (line.length > LONGEST) throw new Error("a leaf is too long");
      value = parsed(line);
    } catch (error) {
      throw new Problem("leaves", error.message);
    }
    demand(isLeaf(value), value?.seq, "a leaf has another form");
    const { seq, unit } = value;
    const hash = leafHash(line);
    demand(this.last > 0 || seq === 1, seq, "the first leaf is not the log's first");
    const genesis = this.last > 0 ? this.genesis : hash.toString("hex", 0, 16);
    this.genesis = genesis;
    demand(nameOfLog(value, genesis) === this.manifest.log, seq, "a leaf of another log");
    demand(seq > this.last && seq <= this.manifest.size, seq, "numbers do not grow, or go beyond the checkpoint");
    demand(this.manifest.scope === "season" || unit === "season" || unit === this.manifest.unit, seq, "a leaf of another unit");
    this.last = seq;
    return { ...value, hash };
  }
}

function isLeaf(value) {
  return (
    isObject(value) &&
    TEXTS.every((key) => isText(value[key])) &&
    isCount(value.seq) &&
    isCount(value.version) &&
    isObject(value.payload) &&
    isObject(value.actor) &&
    value.semantics === 1
  );
}

function nameOfLog({ season, origin }, genesis) {
  return `daihoi/${encoded(season)}/${encoded(origin)}/${genesis}`;
}

function encoded(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Versions count from 1 for each unit, and no instant is before the one above. */
export function inOrder(made) {
  const versions = new Map();
  let at = "";
  for (const leaf of made) {
    const version = (versions.get(leaf.unit) ?? 0) + 1;
    if (leaf.version !== version) throw new Problem("order", `${leaf.unit}: version ${leaf.version} where ${version} comes`, leaf.seq);
    if (compareText(leaf.at, at) < 0) throw new Problem("order", "recorded before the one above", leaf.seq);
    versions.set(leaf.unit, version);
    at = leaf.at;
  }
}

function demand(holds, seq, words) {
  if (!holds) throw new Problem("leaves", words, isCount(seq) ? seq : undefined);
}
