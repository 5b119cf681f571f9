// The files of a bundle, by name: from a folder, or from a ZIP file read here, by its central directory.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { Misuse, Problem, orProblem } from "./failure.mjs";

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
const LITTER = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]); // of file managers
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const FLAGS = 0x080e; // how hard it was packed (two bits), sizes behind the data, names in UTF-8
const VERSION = 45; // of the format, 4.5: ZIP64
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** The files by name: each with its `size`, and `read` for its content, which throws where it is damaged. */
export function files(path) {
  let kind;
  try {
    kind = statSync(path);
  } catch (error) {
    throw new Misuse(`${path}: ${error.code}`);
  }
  if (!kind.isDirectory() && !kind.isFile()) throw new Problem("container", "neither a folder nor a file");
  return orProblem("container", () => (kind.isDirectory() ? folder(path) : zip(readFileSync(path))));
}

function folder(path, prefix = "", found = new Map()) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const name = prefix + entry.name;
    if (entry.isDirectory()) folder(join(path, entry.name), `${name}/`, found);
    else if (LITTER.has(entry.name)) continue;
    else if (entry.isFile()) found.set(allowed(name), fileAt(join(path, entry.name)));
    else throw new Error(`${name} is no file`);
  }
  return found;
}

function fileAt(path) {
  return { size: statSync(path).size, read: () => orProblem("container", () => readFileSync(path)) };
}

function allowed(name) {
  if (!NAME.test(name)) throw new Error(`a name that is not allowed: ${JSON.stringify(name)}`);
  return name;
}

/** The files in the bytes of a ZIP file. */
export function zip(bytes) {
  const { start, end, count } = directory(bytes);
  const entries = [];
  let at = start;
  for (let number = 0; number < count; number++) {
    const entry = central(bytes, at, end);
    entries.push(entry);
    at = entry.next;
  }
  demand(at === end, "the directory of the ZIP file has another length");
  entries.sort((one, other) => one.local - other.local);
  demand((entries[0]?.local ?? start) === 0, "something stands before the first entry");
  const found = new Map();
  entries.forEach((entry, number) => {
    demand(!found.has(entry.name), `${entry.name} stands there twice`);
    const limit = entries[number + 1]?.local ?? start;
    located(bytes, entry, limit);
    found.set(entry.name, { size: entry.size, read: () => orProblem("container", () => content(bytes, entry)) });
  });
  return found;
}

function directory(bytes) {
  const record = bytes.length - 22;
  demand(record >= 0 && bytes.readUInt32LE(record) === END && bytes.readUInt16LE(record + 20) === 0, "no end of a ZIP file");
  demand(bytes.readUInt32LE(record + 4) === 0, "a ZIP file in several parts");
  const count = bytes.readUInt16LE(record + 10);
  const size = bytes.readUInt32LE(record + 12);
  const start = bytes.readUInt32LE(record + 16);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) return directory64(bytes, record - 20);
  demand(bytes.readUInt16LE(record + 8) === count && start + size === record, "the end of the ZIP file does not fit");
  return { start, end: record, count };
}

function directory64(bytes, locator) {
  demand(locator >= 56 && bytes.readUInt32LE(locator) === LOCATOR_64, "no end of a ZIP64 file");
  const record = whole64(bytes, locator + 8);
  demand(record === locator - 56 && bytes.readUInt32LE(record) === END_64, "the end of the ZIP64 file does not fit");
  const [count, size, start] = [32, 40, 48].map((offset) => whole64(bytes, record + offset));
  demand(start + size === record, "the end of the ZIP64 file does not fit");
  return { start, end: record, count };
}

function whole64(bytes, at) {
  const number = bytes.readBigUInt64LE(at);
  demand(number <= BigInt(Number.MAX_SAFE_INTEGER), "a number in the ZIP file is too large");
  return Number(number);
}

function central(bytes, at, end) {
  demand(at + 46 <= end && bytes.readUInt32LE(at) === CENTRAL, "an entry of the directory is missing");
  const [names, extras, comments] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
  const next = at + 46 + names + extras + comments;
  demand(next <= end, "an entry of the directory is cut off");
  const extra = bytes.subarray(at + 46 + names, at + 46 + names + extras);
  const [size, packed, local] = wide([24, 20, 42].map((offset) => bytes.readUInt32LE(at + offset)), extra);
  return {
    name: allowed(bytes.toString("latin1", at + 46, at + 46 + names)),
    version: bytes.readUInt16LE(at + 6),
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    size,
    packed,
    local,
    next,
  };
}

// Numbers that do not fit stand in the extra field 1, in this order.
function wide(numbers, extra) {
  let field = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    demand(end <= extra.length, "an extra field is cut off");
    if (extra.readUInt16LE(at) === 1) field = extra.subarray(at + 4, end);
    at = end;
  }
  let at = 0;
  return numbers.map((number) => (number === 0xffffffff ? whole64(field, 8 * at++) : number));
}

// Where the data stands. Nothing may reach into what follows.
function located(bytes, entry, limit) {
  const { name, version, flags, method, packed, local } = entry;
  demand((flags & ~FLAGS) === 0 && version <= VERSION && (method === 0 || method === 8), `${name} is encrypted, or packed in an unknown way`);
  demand(local + 30 <= limit && bytes.readUInt32LE(local) === LOCAL, `${name} does not stand where the directory says`);
  const names = bytes.readUInt16LE(local + 26);
  const data = local + 30 + names + bytes.readUInt16LE(local + 28);
  demand(bytes.toString("latin1", local + 30, local + 30 + names) === name, `${name} has two names`);
  demand(data + packed <= limit, `${name} is cut off`);
  entry.data = data;
}

function content(bytes, { name, method, crc, size, packed, data }) {
  const raw = bytes.subarray(data, data + packed);
  const made = method === 0 ? raw : inflateRawSync(raw, { maxOutputLength: size + 1 });
  demand(made.length === size && crc32(made) === crc, `${name} is damaged`);
  return made;
}

function crc32(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = CRC[(rest ^ byte) & 0xff] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

function demand(holds, words) {
  if (!holds) throw new Error(words);
}
