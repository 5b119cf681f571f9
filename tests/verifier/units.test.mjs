// The verifier's parts against what other people wrote down: vectors of the specifications, and forms with one thing wrong.
// What a whole bundle comes to is tried in test_agreement.py.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { compareText, parsed } from "./canonical.mjs";
import { zip } from "./container.mjs";
import { folded } from "./fold.mjs";
import { LOG, WITNESS, verifierKey, verifies } from "./keys.mjs";
import { inOrder, leaves } from "./leaves.mjs";
import { addCheckpoint, base64, checkpoint, signedNote, tlogProof } from "./notes.mjs";
import { policy, signers } from "./policy.mjs";
import { consistent, included, leafHash, nodeHash, root, sha256 } from "./tree.mjs";

// The tree of the tests of certificate-transparency, with the roots that they expect.
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map((hex) =>
  leafHash(Buffer.from(hex, "hex")),
);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

// RFC 6962's own definitions, of which the proofs here are made.
const half = (hashes) => 2 ** Math.floor(Math.log2(hashes.length - 1));
const top = (hashes) => (hashes.length === 1 ? hashes[0] : nodeHash(top(hashes.slice(0, half(hashes))), top(hashes.slice(half(hashes)))));

function path(index, hashes) {
  if (hashes.length === 1) return [];
  const k = half(hashes);
  return index < k
    ? [...path(index, hashes.slice(0, k)), top(hashes.slice(k))]
    : [...path(index - k, hashes.slice(k)), top(hashes.slice(0, k))];
}

function subproof(size, hashes, whole) {
  if (size === hashes.length) return whole ? [] : [top(hashes)];
  const k = half(hashes);
  return size <= k
    ? [...subproof(size, hashes.slice(0, k), whole), top(hashes.slice(k))]
    : [...subproof(size - k, hashes.slice(k), false), top(hashes.slice(0, k))];
}

test("roots are those that others computed", () => {
  ROOTS.forEach((expected, size) => assert.equal(root(LEAVES.slice(0, size)).toString("hex"), expected));
});

test("every true proof is accepted, and none with something changed", () => {
  const many = Array.from({ length: 40 }, (_, number) => leafHash(Buffer.of(number)));
  for (let size = 1; size <= many.length; size++) {
    const some = many.slice(0, size);
    const whole = top(some);
    for (let index = 0; index < size; index++) {
      const proof = path(index, some);
      assert.ok(included(some[index], index, size, proof, whole));
      assert.ok(!included(some[index], index + 1, size, proof, whole));
      assert.ok(!included(some[index], index, size, [...proof, whole], whole));
      assert.ok(proof.length === 0 || !included(some[index], index, size, proof.slice(1), whole));
    }
    for (let first = 1; first < size; first++) {
      const proof = subproof(first, some, true);
      const then = top(some.slice(0, first));
      assert.ok(consistent(first, size, then, whole, proof), `${first} ${size}`);
      assert.ok(!consistent(first, size, whole, whole, proof));
      assert.ok(!consistent(first, size, then, then, proof));
      assert.ok(!consistent(first, size, then, whole, proof.slice(1)));
      assert.ok(!consistent(first, size, then, whole, [...proof, then]));
    }
  }
  assert.ok(consistent(0, 3, sha256(), top(many.slice(0, 3)), []));
});

test("what is canonical JSON is read", () => {
  const whole = '{"":[],"__proto__":{"a":null},"b":[true,false,0,-7,9007199254740991,"\\"\\\\\\n\\u001f\u007f/đ"],"\uffff":"","😀":{}}';
  assert.deepEqual(JSON.parse(JSON.stringify(parsed(Buffer.from(whole)))), JSON.parse(whole));
  assert.ok(parsed(Buffer.from(`${"[".repeat(64)}${"]".repeat(64)}`)));
});

test("what would be written another way is refused", () => {
  const wrong = [
    "", " 1", "1 ", "1\n", "\ufeff1", "01", "-0", "1.0", "1e3", "+1", "9007199254740992", "-9007199254740992", "NaN", "True", "nul", "tru",
    "[1,]", "[,1]", "[1 ,2]", "[1", "1]", "{", '{"a"}', '{"a":1,}', '{"a":1 }', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"😀":1,"\uffff":1}', "{a:1}",
    '"', '"a', "'a'", '"\t"', '"\\t', '"\\u0009"', '"\\u001F"', '"\\u0041"', '"\\/"', '"\\ud83d\\ude00"', '"\\x"', '"\\', '"a\u0301"', '{"a\u0301":1}',
    `${"[".repeat(65)}${"]".repeat(65)}`, "[".repeat(100_000),
  ]; // prettier-ignore
  for (const text of wrong) assert.throws(() => parsed(Buffer.from(text)), Error, text);
  for (const hex of ["22ff22", "22eda080eda18022", "22c08022", "2200"]) assert.throws(() => parsed(Buffer.from(hex, "hex")), Error, hex);
});

test("text is ordered by code points", () => {
  assert.ok(compareText("\uffff", "😀") < 0 && compareText("a", "") > 0 && compareText("ab", "b") < 0 && compareText("đ", "đ") === 0);
});

test("the note of the specification verifies by its key", () => {
  const key = verifierKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", LOG);
  const note =
    "This is an example message.\n\n" +
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
  const { text, signatures } = signedNote(Buffer.from(note));
  assert.equal(signatures[0].id, key.id);
  assert.ok(verifies(key, signatures[0].signature, text));
  assert.ok(!verifies(key, signatures[0].signature, `${text}\n`));
  assert.ok(!verifies(key, signatures[0].signature.subarray(1), text));
});

test("a verifier key of another type, id or form is none", () => {
  const good = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  assert.throws(() => verifierKey(good, WITNESS));
  for (const [from, to] of [["530d", "530e"], ["530d903a", "530D903A"], ["foo", "fo o"], ["foo", "fop"], ["U2k", "U2l"], ["k", ""], ["+5", "5"]]) {
    assert.throws(() => verifierKey(good.replace(from, to), LOG), Error, to);
  }
});

const ROOT = Buffer.alloc(32, 7).toString("base64");
const SIGNED = `— k ${Buffer.alloc(68).toString("base64")}\n`;
const POINT = `k\n7\n${ROOT}\n\n${SIGNED}`;

test("a checkpoint has three lines and a signature", () => {
  assert.equal(checkpoint(Buffer.from(POINT)).size, 7n);
  const wrong = [
    POINT.replace("7", "07"), POINT.replace("7", "-7"), POINT.replace("k\n", "\n"), POINT.replace(ROOT, ROOT.replace("=", "")),
    POINT.replace(`${ROOT}\n`, `${ROOT}\nmore\n`), POINT.replace("\n\n", "\n"), POINT.slice(0, -1), `${POINT}\n`, POINT.replaceAll("\n", "\r\n"),
    POINT.replace("— k", "- k"), POINT.replace("— k", "—  k"), POINT.replace("— k", "— k+"), POINT.replace("— k", "— k\u00a0"), `${POINT}— k AAAA\n`,
    POINT.replace("A=\n", "B=\n"), "",
  ]; // prettier-ignore
  for (const text of wrong) assert.throws(() => checkpoint(Buffer.from(text)), Error, JSON.stringify(text));
});

test("a tlog-proof and an add-checkpoint request carry hashes and a checkpoint", () => {
  const proof = `c2sp.org/tlog-proof@v1\nindex 6\n${ROOT}\n\n${POINT}`;
  assert.equal(tlogProof(Buffer.from(proof)).hashes.length, 1);
  for (const [from, to] of [["v1\n", "v2\n"], ["v1\n", "v1\nextra AAAA\n"], ["index 6", "index 06"], ["index 6\n", ""], [`${ROOT}\n\n`, `${ROOT}\n`], ["index 6\n", "index 6\nAAAA\n"]]) {
    assert.throws(() => tlogProof(Buffer.from(proof.replace(from, to))), Error, to);
  }
  const request = `old 3\n${ROOT}\n\n${POINT}`;
  assert.equal(addCheckpoint(Buffer.from(request)).old, 3n);
  for (const [from, to] of [["old 3", "old 03"], ["old 3", "new 3"], ["old 3\n", ""], ["old 3\n", `old 3\n${`${ROOT}\n`.repeat(63)}`]]) {
    assert.throws(() => addCheckpoint(Buffer.from(request.replace(from, to))), Error, to);
  }
  assert.throws(() => base64("AAAB="));
  assert.throws(() => base64("AB=="));
});

function keyOf(name, type) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const material = Buffer.concat([Buffer.of(type), publicKey.export({ format: "der", type: "spki" }).subarray(12)]);
  const id = sha256(name, "\n", material).subarray(0, 4);
  const line = (bytes) => `— ${name} ${Buffer.concat([id, bytes]).toString("base64")}\n`;
  return {
    vkey: `${name}+${id.toString("hex")}+${material.toString("base64")}`,
    sign: (text) => line(sign(null, Buffer.from(text), privateKey)),
    cosign(text, time = 5n) {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(time);
      return line(Buffer.concat([stamp, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey)]));
    },
  };
}

const log = keyOf("k", LOG);
const other = keyOf("l", LOG);
const [one, two, three] = ["a", "b", "c"].map((name) => keyOf(name, WITNESS));
const KNOWN = `log ${log.vkey}\nlog ${other.vkey} https://l\n# known\n\n \twitness 1 ${one.vkey}\nwitness 2 ${two.vkey}\nwitness 3 ${three.vkey}\n`;
const TEXT = `k\n7\n${ROOT}\n`;
const trusted = (rest, ...signed) => signers(policy(Buffer.from(KNOWN + rest)), checkpoint(Buffer.from(`${TEXT}\n${signed.join("")}`)));

test("a quorum is reached or not", () => {
  const [by1, by2] = [one.cosign(TEXT), two.cosign(TEXT)];
  const groups = "group g 2 1 2\ngroup h any g 3\n";
  assert.deepEqual(trusted("quorum none", log.sign(TEXT)), ["k"]);
  assert.deepEqual(trusted(`${groups}quorum h\n`, log.sign(TEXT), by2, by1, by1).sort(), ["a", "b", "k"]);
  assert.deepEqual(trusted(`${groups}quorum h\n`, three.cosign(TEXT), log.sign(TEXT)), ["c", "k"]);
  assert.throws(() => trusted(`${groups}quorum h\n`, log.sign(TEXT), by1));
  assert.throws(() => trusted("group g all 1 2 3\nquorum g\n", log.sign(TEXT), by1, by2));
  assert.throws(() => trusted("quorum 1\n", by1));
  assert.throws(() => trusted("quorum none\n", other.sign(TEXT)), /own name/);
  assert.throws(() => trusted("quorum none\n", log.sign(TEXT), one.cosign("k\n")), /does not verify/);
  assert.throws(() => trusted("quorum none\n", log.sign(TEXT), one.cosign(TEXT, 1n << 63n)), /does not verify/);
});

test("what is no policy is refused", () => {
  const wrong = [
    "", "quorum none\nquorum none\n", "quorum 4\n", "quorum\n", "quorum 1 2\n", "group g 1\nquorum g\n", "group g 0 1\nquorum g\n",
    "group g 2 1\nquorum g\n", "group g 01 1\nquorum g\n", "group g some 1\nquorum g\n", "group 1 any 2\nquorum 1\n", "group none any 2\nquorum none\n",
    "group g any 1 1\nquorum g\n", "group g any 1\ngroup h any 1\nquorum h\n", "group g any none\nquorum g\n", "quorum g\ngroup g any 1\n",
    "quorum none\r\n", "quorum none\nlogs x\n", "quorum none\nconstructor x\n", `log ${log.vkey}\nquorum none\n`, `log ${one.vkey}\nquorum none\n`,
    `witness x ${keyOf("x", LOG).vkey}\nquorum none\n`, `log ${keyOf("z", LOG).vkey} u v\nquorum none\n`, `witness ${keyOf("z", WITNESS).vkey}\nquorum none\n`,
  ]; // prettier-ignore
  for (const rest of wrong) assert.throws(() => policy(Buffer.from(KNOWN + rest)), Error, rest);
});

function crc32(bytes) {
  let rest = ~0;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

function numbers(...pairs) {
  return Buffer.concat(pairs.map(([value, length]) => Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex").reverse()));
}

// A ZIP file as APPNOTE describes it, with what a test changes in an entry or at the end.
function packed(entries, { comment = "", count = entries.length } = {}) {
  const [parts, central] = [[], []];
  let at = 0;
  for (const { name, content = "x", method = 0, crc = crc32(Buffer.from(content)), flags = 0, localName = name, size } of entries) {
    const raw = method === 8 ? deflateRawSync(Buffer.from(content)) : Buffer.from(content);
    const sizes = [[crc, 4], [raw.length, 4], [size ?? Buffer.byteLength(content), 4]];
    const common = [[20, 2], [flags, 2], [method, 2], [0, 4], ...sizes];
    const local = Buffer.concat([numbers([0x04034b50, 4], ...common, [localName.length, 2], [0, 2]), Buffer.from(localName), raw]);
    central.push(numbers([0x02014b50, 4], [20, 2], ...common, [name.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), Buffer.from(name));
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = numbers([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [directory.length, 4], [at, 4], [comment.length, 2]);
  return Buffer.concat([...parts, directory, end, Buffer.from(comment)]);
} // prettier-ignore

const unpacked = (bytes) => new Map([...zip(bytes)].map(([name, file]) => [name, file.read()]));

test("a ZIP file is read by its directory", () => {
  const read = unpacked(packed([{ name: "a" }, { name: "b/c-d_e.f", content: "y".repeat(999), method: 8 }, { name: "empty", content: "" }]));
  assert.deepEqual([...read].map(([name, content]) => [name, content.length]), [["a", 1], ["b/c-d_e.f", 999], ["empty", 0]]);
  assert.equal(unpacked(packed([])).size, 0);
});

test("a ZIP file that is damaged, or reads in two ways, is refused", () => {
  const good = packed([{ name: "a" }, { name: "b", method: 8 }]);
  const wrong = {
    twice: packed([{ name: "a" }, { name: "a" }]),
    crc: packed([{ name: "a", crc: 1 }]),
    size: packed([{ name: "a", method: 8, content: "yyyy", size: 3 }]),
    method: packed([{ name: "a", method: 12 }]),
    encrypted: packed([{ name: "a", flags: 1 }]),
    "two names": packed([{ name: "a", localName: "b" }]),
    comment: packed([{ name: "a" }], { comment: "c" }),
    count: packed([{ name: "a" }], { count: 2 }),
    before: Buffer.concat([Buffer.of(1), good]),
    after: Buffer.concat([good, Buffer.of(1)]),
    nothing: Buffer.alloc(0),
  };
  for (const name of ["/a", "a/", "../a", "a//b", ".a", "a/.b", "a b", "a\\b", "é", "", "a:b"]) wrong[name] = packed([{ name }]);
  for (const [name, bytes] of Object.entries(wrong)) assert.throws(() => unpacked(bytes), Error, name);
  for (let length = 0; length < good.length; length++) assert.throws(() => unpacked(good.subarray(0, length)), Error, `first ${length} bytes`);
});

// What happened to one unit, by day, kind and payload.
function story(...events) {
  const first = ["01", "unit_enrolled", { enrolled: { code: "u" }, state: "s" }];
  return [first, ...events].map(([on, kind, payload = {}], number) => ({ seq: number + 1, unit: "u", kind, on, payload }));
}

const toldOf = (...events) => folded(story(...events))[0];
const filing = (number) => ["02", "document_filed", { document: "d", number }];

test("a unit that was enrolled stands where it began", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(toldOf())), {
    attempt: 1, documents: {}, facts: {}, joined: "01", left: null, milestones: {}, planned: null, postponed: false, roll: "open",
    since: "01", state: "s", unit: "u", until: null, version: 1,
  }); // prettier-ignore
});

test("an annulled step takes back all that it did", () => {
  const held = ["03", "advanced", { source: "s", target: "t", attempt: 1, awards: ["held"] }];
  const back = ["04", "advanced", { source: "t", target: "s", attempt: 2, revokes: ["held"], clears: ["f", "d", "g"] }];
  const before = [["02", "fact_recorded", { fact: "f", value: 5 }], filing(1), held];
  const after = toldOf(...before, back);
  assert.deepEqual([after.state, after.attempt, after.since, { ...after.milestones }, { ...after.facts }, { ...after.documents }], ["s", 2, "04", {}, {}, {}]);
  const undone = toldOf(...before, back, ["04", "annulled", { seq: 5, target: "t", attempt: 1 }]);
  assert.deepEqual([undone.state, undone.attempt, undone.since, { ...undone.milestones }, undone.facts.f], ["t", 1, "03", { held: "03" }, 5]);
  assert.deepEqual(undone.documents.d, { approved: null, status: "filed", version: 1 });
});

test("an award that was taken back once is not taken back again", () => {
  const step = (attempt, more) => ["03", "advanced", { source: "s", target: "s", attempt, ...more }];
  const told = toldOf(step(1, { awards: ["held"] }), step(2, { revokes: ["held"] }), step(3, { revokes: ["held"] }), ["03", "annulled", { seq: 4, target: "s", attempt: 2 }]);
  assert.deepEqual({ ...told.milestones }, {});
  assert.equal(toldOf(["03", "advanced", { source: "s", target: "s", attempt: 1 }]).since, "01");
  assert.equal(toldOf(step(2, {})).since, "03");
});

test("what a step cleared is no entry that could be corrected", () => {
  const cleared = ["03", "advanced", { source: "s", target: "t", attempt: 2, clears: ["f", "d"] }];
  for (const what of ["fact_recorded", "document_filed"]) {
    assert.throws(() => toldOf(["02", "fact_recorded", { fact: "f", value: 5 }], filing(1), cleared, ["03", "corrected", { what, seq: 4, withdrawn: true }]));
  }
});

test("entries go by day and then by number, and a correction gives another day or value, or takes one back", () => {
  const facts = [["05", "fact_recorded", { fact: "f", value: 5 }], ["03", "fact_recorded", { fact: "f", value: 3 }]];
  const corrected = (on, p) => toldOf(...facts, [on, "corrected", { what: "fact_recorded", ...p }]).facts.f;
  assert.equal(toldOf(...facts).facts.f, 5);
  assert.equal(corrected("06", { seq: 3 }), 3);
  assert.equal(corrected("05", { seq: 2, value: true }), true);
  assert.equal(corrected("05", { seq: 2, withdrawn: true }), 3);
});

test("a document keeps what was approved while it is filed anew or returned", () => {
  const approved = ["03", "document_approved", { document: "d", number: 1, changes: ["c"] }];
  const document = (...events) => toldOf(...events).documents.d;
  assert.deepEqual(document(filing(1), approved), { approved: 1, status: "approved_with_changes", version: 1 });
  assert.deepEqual(document(filing(1), approved, ["04", "document_filed", { document: "d", number: 2 }]), { approved: 1, status: "filed", version: 2 });
  assert.deepEqual(document(filing(1), ["03", "document_returned", { document: "d" }]), { approved: null, status: "returned", version: 1 });
  assert.equal(document(filing(1), ["02", "corrected", { what: "document_filed", seq: 2, withdrawn: true }]), undefined);
});

test("what cannot be folded says so", () => {
  const wrong = [
    ["02", "constructor"], ["02", "heads_recorded"], ["02", "unit_enrolled", { enrolled: { code: "u" }, state: "s" }], ["02", "roll_set", { status: null }],
    ["02", "fact_recorded", { fact: "f" }], ["02", "fact_recorded", { fact: "f", value: [] }], ["02", "document_filed", { document: "d", number: 0 }],
    ["02", "annulled", { seq: 1, target: "t", attempt: 1 }], ["02", "corrected", { what: "fact_recorded", seq: 1 }], ["02", "postponed", { until: null }],
    ["02", "advanced", { source: "s", target: "t", attempt: 1, awards: [1] }],
  ]; // prettier-ignore
  for (const event of wrong) assert.throws(() => toldOf(event), (error) => error.code === "fold" && error.seq === 2, JSON.stringify(event));
  assert.throws(() => folded([{ seq: 1, unit: "u", kind: "unit_enrolled", on: "01", payload: { enrolled: { code: "v" }, state: "s" } }]));
  assert.throws(() => folded([{ seq: 1, unit: "season", kind: "unit_left", on: "01", payload: {} }]));
  assert.throws(() => folded([{ seq: 1, unit: "v", kind: "unit_left", on: "01", payload: {} }]));
});

const LEAF = {
  actor: {}, at: "2020", command: "c", kind: "k", on: "2020", origin: "o o", payload: {}, season: "đ", semantics: 1, seq: 1, unit: "season", version: 1,
}; // prettier-ignore

function read(scope, ...changes) {
  const lines = changes.map((change) => `${JSON.stringify({ ...LEAF, ...change })}\n`);
  const genesis = leafHash(Buffer.from(lines[0].slice(0, -1))).toString("hex", 0, 16);
  const about = { scope, unit: "u", log: `daihoi/%C4%91/o%20o/${genesis}`, size: 9, events: changes.length };
  return leaves(Buffer.from(lines.join("")), about);
}

test("leaves are those of one log, in its order, and of one unit where that was asked", () => {
  assert.equal(read("season", {}, { seq: 2, unit: "v" }).length, 2);
  assert.equal(read("unit", {}, { seq: 9, unit: "u" }).length, 2);
  const wrong = [
    { seq: 1 }, { seq: 10 }, { seq: 2, season: "d" }, { seq: 2, origin: "o" }, { seq: 2, actor: [] }, { seq: 2, actor: "u" }, { seq: 2, payload: null },
    { seq: 2, semantics: 2 }, { seq: 2, version: 0 }, { seq: 2, on: 1 }, { seq: 2, at: undefined }, { seq: "2" },
  ]; // prettier-ignore
  for (const change of wrong) assert.throws(() => read("season", {}, change), (error) => error.code === "leaves", JSON.stringify(change));
  assert.throws(() => read("season", { seq: 2 }));
  assert.throws(() => read("unit", {}, { seq: 2, unit: "v" }), (error) => error.code === "leaves" && error.seq === 2);
});

test("versions count for each unit, and instants do not go back", () => {
  inOrder([...read("season", {}, { seq: 2, unit: "v" }, { seq: 3, version: 2, at: "2021" })]);
  for (const change of [{ version: 1 }, { version: 3 }, { version: 2, at: "2019" }]) {
    assert.throws(() => inOrder(read("season", {}, { seq: 2, ...change })), (error) => error.code === "order" && error.seq === 2);
  }
});
