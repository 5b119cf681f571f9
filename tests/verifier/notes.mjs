// The C2SP forms: signed-note, tlog-checkpoint, tlog-proof, the body of an add-checkpoint request. All throw where the form is another.

import { decoded } from "./canonical.mjs";

// Unicode's White_Space; JavaScript's own \s is another set.
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const DECIMAL = /^(?:0|[1-9][0-9]*)$/;

/** The bytes of base64 (RFC 4648 §4) that is written in the one way there is. */
export function base64(text) {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Error("not base64");
  return bytes;
}

export function hashOf(text) {
  const bytes = base64(text);
  if (bytes.length !== 32) throw new Error("not a hash");
  return bytes;
}

export function decimal(text) {
  if (!DECIMAL.test(text) || !Number.isSafeInteger(Number(text))) throw new Error("not a decimal number up to 2^53-1");
  return BigInt(text);
}

export function isKeyName(name) {
  return name !== "" && !name.includes("+") && !SPACE.test(name);
}

/** `text`: what is signed; `signatures`: for each line the name, the key's id in hex, and the bytes behind it. */
export function signedNote(bytes) {
  return noteIn(decoded(bytes));
}

function noteIn(whole) {
  if (CONTROL.test(whole)) throw new Error("control characters in a note");
  const gap = whole.lastIndexOf("\n\n");
  if (gap < 0 || !whole.endsWith("\n") || gap + 2 === whole.length) throw new Error("a note without signatures");
  const lines = whole.slice(gap + 2, -1).split("\n");
  return { text: whole.slice(0, gap + 1), signatures: lines.map(signatureLine) };
}

function signatureLine(line) {
  const [dash, name, encoded, ...more] = line.split(" ");
  if (dash !== "—" || encoded === undefined || more.length > 0 || !isKeyName(name)) throw new Error("not a signature line");
  const bytes = base64(encoded);
  if (bytes.length < 5) throw new Error("a signature without a signature");
  return { name, id: bytes.toString("hex", 0, 4), signature: bytes.subarray(4) };
}

/** A signed note with a checkpoint of three lines in it. */
export function checkpoint(bytes) {
  return checkpointIn(decoded(bytes));
}

function checkpointIn(whole) {
  const note = noteIn(whole);
  const lines = note.text.slice(0, -1).split("\n");
  if (lines.length !== 3 || lines[0] === "") throw new Error("not a checkpoint of three lines");
  return { ...note, origin: lines[0], size: decimal(lines[1]), root: hashOf(lines[2]) };
}

/** A tlog-proof without `extra`. */
export function tlogProof(bytes) {
  const [head, text] = headed(bytes);
  const [form, index, ...hashes] = head;
  if (form !== "c2sp.org/tlog-proof@v1" || !index?.startsWith("index ")) throw new Error("not a tlog-proof without extra");
  return { index: decimal(index.slice(6)), hashes: hashes.map(hashOf), checkpoint: checkpointIn(text) };
}

/** The body of an add-checkpoint request. */
export function addCheckpoint(bytes) {
  const [[old, ...hashes], text] = headed(bytes);
  if (!old.startsWith("old ") || hashes.length > 63) throw new Error("not an add-checkpoint request");
  return { old: decimal(old.slice(4)), hashes: hashes.map(hashOf), checkpoint: checkpointIn(text) };
}

// Lines up to the first empty one, and the text after it.
function headed(bytes) {
  const whole = decoded(bytes);
  const gap = whole.indexOf("\n\n");
  if (gap < 0) throw new Error("no checkpoint");
  return [whole.slice(0, gap).split("\n"), whole.slice(gap + 2)];
}
