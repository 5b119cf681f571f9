// Verifies a bundle (docs/bundle.md) with nothing but Node:
//
//   node verify.mjs BUNDLE [--policy FILE | --key VKEY] [--checkpoint EARLIER] [--json]
//
// Exits with 0 when all holds, 3 when something does not, 2 when called wrongly, 4 when Node cannot check an Ed25519 signature.

import { readFileSync } from "node:fs";
import { exitCode, verified } from "./bundle.mjs";
import { Misuse } from "./failure.mjs";

const USAGE = "node verify.mjs BUNDLE [--policy FILE | --key VKEY] [--checkpoint EARLIER] [--json]";
const VALUED = { "--policy": "policy", "--key": "key", "--checkpoint": "checkpoint" };

function options(words) {
  const made = { bundles: [], json: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === "--json") made.json = true;
    else if (Object.hasOwn(VALUED, word)) made[once(made, VALUED[word])] = words[++at] ?? wrong();
    else if (word.startsWith("-")) wrong();
    else made.bundles.push(word);
  }
  return made.bundles.length === 1 ? made : wrong();
}

function once(made, name) {
  return name in made ? wrong() : name;
}

function wrong() {
  throw new Misuse(USAGE);
}

function fileAt(path) {
  try {
    return path === undefined ? null : readFileSync(path);
  } catch (error) {
    throw new Misuse(`${path}: ${error.code}`);
  }
}

function main(words) {
  const asked = options(words);
  const given = { policy: fileAt(asked.policy), key: asked.key ?? null, earlier: fileAt(asked.checkpoint) };
  const found = verified(asked.bundles[0], given);
  process.stdout.write(asked.json ? `${JSON.stringify(found.answer)}\n` : inWords(found));
  return exitCode(found.answer);
}

function inWords({ answer, words, policy, bundled }) {
  const lines = [];
  if (answer.log !== null) lines.push(`log ${answer.log}`, `size ${answer.size}`, `root ${answer.root}`);
  if (policy !== null) lines.push(`signed by ${answer.signed_by.join(", ") || "nobody who counts"}`);
  else if (answer.log !== null) lines.push("Nobody's signature was checked: there is no policy.");
  if (bundled) {
    lines.push("The policy is the bundle's own. Compare the log's key with the one that you wrote down:");
    lines.push(...policy.logs.map((log) => `  ${log.text}`));
  }
  lines.push(...answer.units.map(({ unit, state, since }) => `${unit}: ${state} since ${since}`));
  lines.push(answer.ok ? "OK: all of it holds." : failed(answer.problem, words));
  return `${lines.join("\n")}\n`;
}

function failed({ code, seq }, words) {
  return `FAILED (${code}${seq === undefined ? "" : `, event ${seq}`}): ${words}`;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Misuse ? error.message : `the verifier itself failed: ${error.message}`}\n`);
  process.exitCode = error instanceof Misuse ? 2 : 1;
}
