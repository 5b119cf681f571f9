// Verifies many bundles in one process: a line of JSON in (`bundle`, and the paths `policy`, `checkpoint`, or a `key`), a line of JSON out:
// the answer of `--json` and the code to exit with.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { exitCode, verified } from "./bundle.mjs";
import { Misuse } from "./failure.mjs";

function told({ bundle, policy, key, checkpoint }) {
  try {
    const [trusted, earlier] = [policy, checkpoint].map((path) => (path ? readFileSync(path) : null));
    const { answer } = verified(bundle, { policy: trusted, key, earlier });
    return { exit: exitCode(answer), answer };
  } catch (error) {
    return { exit: error instanceof Misuse ? 2 : 1, words: String(error.stack) };
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(told(JSON.parse(line)))}\n`);
