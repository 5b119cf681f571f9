// Verifier keys of C2SP signed-note, and what a key of each type signs.

import { createPublicKey, verify } from "node:crypto";
import { Problem } from "./failure.mjs";
import { base64, isKeyName } from "./notes.mjs";
import { sha256 } from "./tree.mjs";

export const LOG = 1;
export const WITNESS = 4;

const SPKI = Buffer.from("302a300506032b6570032100", "hex"); // what stands before the 32 bytes of an Ed25519 key in DER
const LATEST = (1n << 63n) - 1n;

/** The key in a vkey of this type; throws where it is none. */
export function verifierKey(text, type) {
  const [name, id, ...rest] = text.split("+");
  const material = base64(rest.join("+"));
  if (!isKeyName(name) || material.length !== 33 || material[0] !== type) throw new Error("not a verifier key of this type");
  if (sha256(name, "\n", material).toString("hex", 0, 4) !== id) throw new Error("the id of a verifier key is not its own");
  return { name, id, type, bytes: material.subarray(1), text };
}

/** Whether a signature line by this key verifies over the text of a note. */
export function verifies(key, signature, text) {
  if (key.type === LOG) return ed25519(key, signature, Buffer.from(text));
  if (signature.length !== 72) return false;
  const time = signature.readBigUInt64BE(0);
  return time <= LATEST && ed25519(key, signature.subarray(8), Buffer.from(`cosignature/v1\ntime ${time}\n${text}`));
}

function ed25519(key, signature, message) {
  if (signature.length !== 64) return false;
  try {
    return verify(null, message, createPublicKey({ key: Buffer.concat([SPKI, key.bytes]), format: "der", type: "spki" }), signature);
  } catch (error) {
    throw new Problem("no_ed25519", error.message);
  }
}
