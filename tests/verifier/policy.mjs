// C2SP tlog-policy: which logs and witnesses are trusted, and how many of them it takes. Names in it are bytes that mean nothing outside.

import { decoded } from "./canonical.mjs";
import { LOG, WITNESS, verifies, verifierKey } from "./keys.mjs";

const LINE = /^[\t\x20-\x7e\x80-\xff]*$/;
const THRESHOLD = /^[1-9][0-9]*$/;

/** A policy that asks for the log's signature alone. */
export function ofOneLog(vkey) {
  return { logs: [verifierKey(vkey, LOG)], witnesses: [], quorum: () => true };
}

/** The policy in these bytes; throws where they are none. `quorum`: whether the witnesses' keys in a set are enough. */
export function policy(bytes) {
  const made = new Draft();
  const lines = bytes.toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  lines.forEach((line, number) => {
    try {
      made.read(line);
    } catch (error) {
      throw new Error(`policy, line ${number + 1}: ${error.message}`);
    }
  });
  if (made.quorum === undefined) throw new Error("policy: no quorum line");
  return { logs: made.logs, witnesses: made.witnesses, quorum: made.quorum };
}

class Draft {
  logs = [];
  witnesses = [];
  quorum = undefined;
  names = new Map(); // of witnesses and groups: whether a set of keys is enough for it
  members = new Set();

  read(line) {
    demand(LINE.test(line), "a control character");
    const [word, ...items] = line.split(/[ \t]+/).filter((item) => item !== "");
    if (word === undefined || word.startsWith("#")) return;
    demand(Object.hasOwn(READERS, word), `unknown word ${word}`);
    READERS[word](this, items);
  }

  define(name, enough) {
    demand(name !== "none" && !this.names.has(name), `the name ${name} is taken`);
    this.names.set(name, enough);
  }

  defined(name) {
    demand(this.names.has(name), `${name} is not defined above`);
    return this.names.get(name);
  }

  member(name) {
    const enough = this.defined(name);
    demand(!this.members.has(name), `${name} is a member twice`);
    this.members.add(name);
    return enough;
  }
}

const READERS = {
  log(draft, items) {
    demand(items.length === 1 || items.length === 2, "log VKEY [URL]");
    draft.logs.push(another(key(items[0], LOG), draft.logs));
  },
  witness(draft, items) {
    demand(items.length === 2 || items.length === 3, "witness NAME VKEY [URL]");
    const witness = another(key(items[1], WITNESS), draft.witnesses);
    draft.witnesses.push(witness);
    draft.define(items[0], (signers) => signers.has(witness));
  },
  group(draft, [name, threshold, ...names]) {
    demand(names.length > 0, "group NAME all|any|K NAME...");
    const least = { all: names.length, any: 1 }[threshold] ?? (THRESHOLD.test(threshold) ? Number(threshold) : 0);
    demand(least >= 1 && least <= names.length, "a threshold from 1 to the number of members");
    const members = names.map((member) => draft.member(member));
    draft.define(name, (signers) => members.filter((enough) => enough(signers)).length >= least);
  },
  quorum(draft, items) {
    demand(items.length === 1 && draft.quorum === undefined, "one line: quorum NAME");
    draft.quorum = items[0] === "none" ? () => true : draft.defined(items[0]);
  },
};

function key(text, type) {
  return verifierKey(decoded(Buffer.from(text, "latin1")), type);
}

function another(key, others) {
  demand(!others.some((other) => other.bytes.equals(key.bytes)), "a key stands there twice");
  return key;
}

function demand(holds, words) {
  if (!holds) throw new Error(words);
}

/** The names of those who signed a checkpoint; throws where it is not what the policy asks for. */
export function signers({ logs, witnesses, quorum }, note) {
  const found = new Set();
  for (const { name, id, signature } of note.signatures) {
    for (const known of [...logs, ...witnesses]) {
      if (known.name !== name || known.id !== id) continue;
      demand(verifies(known, signature, note.text), `the signature of ${name} does not verify`);
      found.add(known);
    }
  }
  const own = logs.some((log) => found.has(log) && log.name === note.origin);
  demand(own, "the log did not sign under its own name");
  demand(quorum(found), "not as many witnesses cosigned as the policy asks for");
  return [...new Set([...found].map((known) => known.name))];
}
