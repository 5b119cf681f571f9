// The fold: where each unit stands, by what the events say happened. No rule of a procedure is here.

import { compareText, hasKeys, isCount, isObject, isText, isWhole } from "./canonical.mjs";
import { Problem } from "./failure.mjs";

const SEASON = "season";
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const SEASON_WIDE = new Set(["season_opened", "workflow_adopted", "plan_issued", "heads_recorded"]);

/** What is told of each unit, in the order of the codes' bytes. */
export function folded(leaves) {
  const units = new Map();
  for (const leaf of leaves) {
    try {
      take(units, leaf);
    } catch (error) {
      throw new Problem("fold", `${leaf.kind}: ${error.message}`, leaf.seq);
    }
  }
  return [...units.keys()].sort(compareText).map((code) => told(code, units.get(code)));
}

function take(units, leaf) {
  demand(SEASON_WIDE.has(leaf.kind) === (leaf.unit === SEASON), "stands at the wrong unit, or is not known");
  if (leaf.unit === SEASON) return;
  demand(Object.hasOwn(KINDS, leaf.kind), "is not known");
  demand((leaf.kind === "unit_enrolled") !== units.has(leaf.unit), "the unit has not been enrolled, or has been");
  if (leaf.kind === "unit_enrolled") units.set(leaf.unit, enrolled(leaf));
  const unit = units.get(leaf.unit);
  unit.version++;
  KINDS[leaf.kind](unit, leaf.payload, leaf);
}

function enrolled({ unit, on, payload }) {
  demand(isObject(payload.enrolled) && payload.enrolled.code === unit, "its code is another");
  return {
    state: text(payload, "state"),
    attempt: 1,
    joined: on,
    left: null,
    steps: [], // {seq, on, moved}
    awards: [], // {milestone, on, by, ended}, the two last by seq
    facts: new Map(), // name: entries {on, seq, value, cleared}
    documents: new Map(), // name: entries {on, seq, status, number, cleared}
    roll: [],
    planned: [],
    pauses: [],
    version: 0,
  };
}

const KINDS = {
  unit_enrolled() {},
  unit_left(unit, p, { on }) {
    unit.left = on;
  },
  roll_set(unit, p, { on, seq }) {
    unit.roll.push({ on, seq, status: text(p, "status") });
  },
  fact_recorded(unit, p, { on, seq }) {
    listed(unit.facts, text(p, "fact")).push({ on, seq, value: value(p), cleared: false });
  },
  document_filed(unit, p, { on, seq }) {
    listed(unit.documents, text(p, "document")).push({ on, seq, status: "filed", number: count(p, "number"), cleared: false });
  },
  document_approved(unit, p, { on, seq }) {
    const status = list(p, "changes").length > 0 ? "approved_with_changes" : "approved";
    listed(unit.documents, text(p, "document")).push({ on, seq, status, number: count(p, "number"), cleared: false });
  },
  document_returned(unit, p, { on, seq }) {
    listed(unit.documents, text(p, "document")).push({ on, seq, status: "returned", cleared: false });
  },
  advanced(unit, p, { on, seq }) {
    const [source, target, attempt] = [text(p, "source"), text(p, "target"), count(p, "attempt")];
    const [awards, revokes, clears] = [texts(p, "awards"), texts(p, "revokes"), texts(p, "clears")];
    unit.steps.push({ seq, on, moved: source !== target || attempt !== unit.attempt });
    Object.assign(unit, { state: target, attempt });
    for (const award of unit.awards) if (award.ended === null && revokes.includes(award.milestone)) award.ended = seq;
    for (const milestone of awards) unit.awards.push({ milestone, on, by: seq, ended: null });
    for (const name of clears) {
      if (unit.facts.get(name)?.length) unit.facts.get(name).push({ on, seq, value: null, cleared: true });
      if (unit.documents.get(name)?.length) unit.documents.get(name).push({ on, seq, status: null, cleared: true });
    }
  },
  annulled(unit, p) {
    const [target, attempt, seq] = [text(p, "target"), count(p, "attempt"), count(p, "seq")];
    demand(unit.steps.some((step) => step.seq === seq), "there is no such step");
    Object.assign(unit, { state: target, attempt });
    unit.steps = unit.steps.filter((step) => step.seq !== seq);
    unit.awards = unit.awards.filter((award) => award.by !== seq);
    for (const award of unit.awards) if (award.ended === seq) award.ended = null;
    for (const entries of [...unit.facts.values(), ...unit.documents.values()]) drop(entries, (entry) => entry.seq === seq);
  },
  corrected(unit, p, { on }) {
    const [what, seq, withdrawn] = [text(p, "what"), count(p, "seq"), flag(p, "withdrawn")];
    const ofFact = what === "fact_recorded";
    const given = ofFact && "value" in p ? { on, value: value(p) } : { on };
    const lists = [...(ofFact ? unit.facts : unit.documents).values()];
    const named = (entry) => entry.seq === seq && !entry.cleared;
    const entries = lists.find((some) => some.some(named));
    demand(entries !== undefined, "there is no such entry");
    if (withdrawn) drop(entries, named);
    else Object.assign(entries.find(named), given);
  },
  scheduled(unit, p, { on, seq }) {
    unit.planned.push({ on, seq, day: text(p, "day") });
  },
  postponed(unit, p, { on, seq }) {
    unit.pauses.push({ on, seq, over: false, until: "until" in p ? text(p, "until") : null });
  },
  resumed(unit, p, { on, seq }) {
    unit.pauses.push({ on, seq, over: true, until: null });
  },
  guard_waived() {},
  confirmed() {},
};

function listed(lists, name) {
  if (!lists.has(name)) lists.set(name, []);
  return lists.get(name);
}

function drop(entries, which) {
  entries.splice(0, entries.length, ...entries.filter((entry) => !which(entry)));
}

// What an event needs, and of which type.

function demand(holds, words) {
  if (!holds) throw new Error(words);
}

function text(p, key) {
  demand(isText(p[key]), `${key} is no text`);
  return p[key];
}

function count(p, key) {
  demand(isCount(p[key]), `${key} is no whole number from 1`);
  return p[key];
}

function flag(p, key) {
  const given = key in p ? p[key] : false;
  demand(typeof given === "boolean", `${key} is neither true nor false`);
  return given;
}

function list(p, key) {
  const given = key in p ? p[key] : [];
  demand(Array.isArray(given), `${key} is no list`);
  return given;
}

function texts(p, key) {
  const given = list(p, key);
  demand(given.every(isText), `${key} is no list of texts`);
  return given;
}

function value(p) {
  const given = p.value;
  const fits = typeof given === "boolean" || isWhole(given) || isText(given) || (hasKeys(given, "date") && isText(given.date) && DATE.test(given.date));
  demand(fits, "value is none");
  return given;
}

// What is told of a unit.

function told(code, unit) {
  const pause = last(unit.pauses);
  return {
    attempt: unit.attempt,
    documents: documents(unit.documents),
    facts: facts(unit.facts),
    joined: unit.joined,
    left: unit.left,
    milestones: milestones(unit.awards),
    planned: last(unit.planned)?.day ?? null,
    postponed: pause !== undefined && !pause.over,
    roll: last(unit.roll)?.status ?? "open",
    since: unit.steps.findLast((step) => step.moved)?.on ?? unit.joined,
    state: unit.state,
    unit: code,
    until: pause?.until ?? null,
    version: unit.version,
  };
}

function ordered(entries) {
  return [...entries].sort((one, other) => compareText(one.on, other.on) || one.seq - other.seq);
}

const last = (entries) => ordered(entries).at(-1);

function facts(lists) {
  const made = Object.create(null);
  for (const [name, entries] of lists) {
    const entry = last(entries);
    if (entry !== undefined && !entry.cleared) made[name] = entry.value;
  }
  return made;
}

function documents(lists) {
  const made = Object.create(null);
  for (const [name, entries] of lists) {
    const document = ordered(entries).reduce(filed, null);
    if (document !== null) made[name] = document;
  }
  return made;
}

function filed(before, { status, number, cleared }) {
  if (cleared) return null;
  const { approved, version } = before ?? { approved: null, version: 0 };
  if (status === "filed") return { approved, status, version: number };
  return { approved: status === "returned" ? approved : number, status, version };
}

function milestones(awards) {
  const made = Object.create(null);
  for (const award of awards) if (award.ended === null) made[award.milestone] = award.on;
  return made;
}
