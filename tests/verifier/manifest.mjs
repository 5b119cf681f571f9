// The manifest: what a bundle says it is, and whether its files are those that it names.

import { hasKeys, isCount, isHash, isObject, isText, isWhole, parsed } from "./canonical.mjs";
import { sha256 } from "./tree.mjs";

const FORMAT = "daihoi-bundle/1";
const KEYS = ["events", "files", "format", "log", "root", "scope", "size"];
const ALWAYS = ["checkpoint", "leaves.jsonl", "verify.py", "README.txt", "DOC-TRUOC.txt"];
const OF_SCOPE = { season: [], unit: ["heads.json"] };
const AT_TIMES = ["policy", "consistency"];

export const DEFINITION = /^definitions\/([0-9a-f]{64})\.json$/;
export const PROOF = /^proofs\/([1-9][0-9]*)\.tlog-proof$/;

/** The manifest among these files; throws where it is none, or the files are others. */
export function manifest(files) {
  const bytes = files.get("manifest.json");
  demand(bytes !== undefined, "there is no manifest");
  const made = parsed(bytes);
  formed(made);
  demand(Object.keys(made.files).length === files.size - 1, "other files than the manifest names");
  for (const [name, described] of Object.entries(made.files)) same(name, described, files.get(name));
  complete(made.scope, files);
  return made;
}

function formed(made) {
  const keys = isObject(made) && made.scope === "unit" ? [...KEYS, "unit"] : KEYS;
  demand(hasKeys(made, ...keys) && made.format === FORMAT && ["season", "unit"].includes(made.scope), "the manifest has another form");
  demand(isCount(made.events) && isCount(made.size) && isHash(made.root) && isText(made.log), "the manifest has another form");
  demand(made.scope === "season" || (isText(made.unit) && made.unit !== "season"), "the manifest names no unit");
  demand(isObject(made.files) && !("manifest.json" in made.files), "the manifest names itself");
}

function same(name, described, bytes) {
  demand(hasKeys(described, "sha256", "size") && isHash(described.sha256), `the manifest has another form at ${name}`);
  demand(isWhole(described.size) && described.size >= 0, `the manifest has another form at ${name}`);
  demand(bytes !== undefined, `${name} is missing`);
  demand(bytes.length === described.size && sha256(bytes).toString("hex") === described.sha256, `${name} is another file`);
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
