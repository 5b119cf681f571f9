// The manifest: what a bundle says it is, and whether its files are those that it names.

import { hasKeys, isCount, isHash, isObject, isText, isWhole, parsed } from "./canonical.mjs";
import { sha256 } from "./tree.mjs";

const FORMAT = "daihoi-bundle/1";
const KEYS = ["events", "files", "format", "log", "root", "scope", "size"];
const ALWAYS = ["checkpoint", "leaves.jsonl", "verify.py", "README.txt", "DOC-TRUOC.txt"];
const OF_SCOPE = { season: [], unit: ["heads.json"] };
const AT_TIMES = ["policy", "consistency"];

const LARGEST_MANIFEST = 2 ** 26;

export const DEFINITION = /^definitions\/([0-9a-f]{64})\.json$/;
export const PROOF = /^proofs\/([1-9][0-9]*)\.tlog-proof$/;

/** The manifest among these files, and the content of those that it names; throws where it is none, or the files are others. */
export function manifest(files) {
  const file = files.get("manifest.json");
  demand(file !== undefined && file.size <= LARGEST_MANIFEST, "there is no manifest, or it is too large");
  const made = parsed(file.read());
  formed(made);
  complete(made.scope, files);
  demand(Object.keys(made.files).length === files.size - 1, "other files than the manifest names");
  return { manifest: made, contents: contentsOf(files, made.files) };
}

function formed(made) {
  const keys = isObject(made) && made.scope === "unit" ? [...KEYS, "unit"] : KEYS;
  demand(hasKeys(made, ...keys) && made.format === FORMAT && ["season", "unit"].includes(made.scope), "the manifest has another form");
  demand(isCount(made.events) && isCount(made.size) && isHash(made.root) && isText(made.log), "the manifest has another form");
  demand(made.scope === "season" || (isText(made.unit) && made.unit !== "season"), "the manifest names no unit");
  demand(isObject(made.files) && !("manifest.json" in made.files), "the manifest names itself");
  demand(Object.values(made.files).every(isDescription), "the manifest has another form");
}

function isDescription(value) {
  return hasKeys(value, "sha256", "size") && isHash(value.sha256) && isWhole(value.size) && value.size >= 0;
}

// Every file that has the length that it should have is unpacked, and none other; only then is any of them another file.
function contentsOf(files, described) {
  const names = Object.keys(described);
  for (const name of names) demand(files.has(name), `${name} is missing`);
  const contents = new Map();
  for (const name of names) if (files.get(name).size === described[name].size) contents.set(name, files.get(name).read());
  for (const name of names) demand(isSame(contents.get(name), described[name]), `${name} is another file`);
  return contents;
}

function isSame(bytes, { sha256: digest, size }) {
  return bytes?.length === size && sha256(bytes).toString("hex") === digest;
}

function complete(scope, files) {
  const needed = [...ALWAYS, ...OF_SCOPE[scope]];
  for (const name of needed) demand(files.has(name), `${name} is missing`);
  const known = new Set([...needed, ...AT_TIMES, "manifest.json"]);
  for (const name of files.keys()) {
    const fits = known.has(name) || DEFINITION.test(name) || (scope === "unit" && PROOF.test(name));
    demand(fits, `a bundle of this scope has no ${name}`);
  }
}

function demand(holds, words) {
  if (!holds) throw new Error(words);
}
