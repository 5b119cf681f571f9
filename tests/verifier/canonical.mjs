// Canonical JSON: read, and refused where the same value would be written another way. Objects come without a prototype, so that no key
// means more than itself.

export const DEEPEST = 64;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const SHORT = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };
const SHORT_ONES = new Set("\b\t\n\f\r");
const WHOLE = /-?[0-9]+/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;

/** Text as bytes have it; throws where they are no UTF-8. A byte order mark stays, as a letter. */
export function decoded(bytes) {
  return UTF8.decode(bytes);
}

/** By code points, which is also the order of the UTF-8 bytes. JavaScript's own order is by UTF-16 units. */
export function compareText(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at++) {
    const left = one.charCodeAt(at);
    const right = other.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return one.length - other.length;
}

// Halves of characters beyond U+FFFF come after all that is below.
function rank(unit) {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** The value in these bytes; throws where they are not canonical JSON, or deeper than 64 levels. */
export function parsed(bytes) {
  const reader = new Reader(decoded(bytes));
  const value = reader.value(1);
  if (reader.at !== reader.text.length) reader.refuse("something stands after the value");
  return value;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  refuse(why) {
    throw new Error(`not canonical JSON: ${why}, character ${this.at}`);
  }

  take(literal) {
    if (!this.text.startsWith(literal, this.at)) this.refuse(`${literal} is missing`);
    this.at += literal.length;
  }

  value(depth) {
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      case "t":
        return this.literal("true", true);
      case "f":
        return this.literal("false", false);
      case "n":
        return this.literal("null", null);
      default:
        return this.number();
    }
  }

  literal(word, value) {
    this.take(word);
    return value;
  }

  number() {
    WHOLE.lastIndex = this.at;
    const found = WHOLE.exec(this.text);
    if (found === null) this.refuse("no value");
    const number = Number(found[0]);
    if (!Number.isSafeInteger(number) || String(number) !== found[0]) this.refuse("a number is not written as a whole one within ±(2^53-1)");
    this.at += found[0].length;
    return number;
  }

  string() {
    this.take('"');
    let made = "";
    for (;;) {
      PLAIN.lastIndex = this.at;
      const plain = PLAIN.exec(this.text)[0];
      made += plain;
      this.at += plain.length;
      if (this.text[this.at] !== "\\") break;
      made += this.escape();
    }
    this.take('"');
    if (made.normalize("NFC") !== made) this.refuse("a text is not in NFC");
    return made;
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (letter in SHORT) {
      this.at += 2;
      return SHORT[letter];
    }
    const digits = this.text.slice(this.at + 1, this.at + 6);
    const meant = /^u00[01][0-9a-f]$/.test(digits) ? String.fromCharCode(Number.parseInt(digits.slice(1), 16)) : null;
    if (meant === null || SHORT_ONES.has(meant)) this.refuse("something is escaped that is not, or in another way");
    this.at += 6;
    return meant;
  }

  list(depth) {
    this.enter(depth);
    const made = [];
    if (this.text[this.at] !== "]") {
      made.push(this.value(depth + 1));
      while (this.text[this.at] === ",") {
        this.at++;
        made.push(this.value(depth + 1));
      }
    }
    this.take("]");
    return made;
  }

  object(depth) {
    this.enter(depth);
    const made = Object.create(null);
    if (this.text[this.at] !== "}") {
      let last = this.member(made, depth);
      while (this.text[this.at] === ",") {
        this.at++;
        const key = this.member(made, depth);
        if (compareText(last, key) >= 0) this.refuse("keys are not sorted, or one stands twice");
        last = key;
      }
    }
    this.take("}");
    return made;
  }

  member(made, depth) {
    const key = this.string();
    this.take(":");
    made[key] = this.value(depth + 1);
    return key;
  }

  enter(depth) {
    if (depth > DEEPEST) this.refuse(`deeper than ${DEEPEST} levels`);
    this.at++;
  }
}

// What a value is.

export const isText = (value) => typeof value === "string";
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const isWhole = (value) => Number.isSafeInteger(value);
export const isCount = (value) => isWhole(value) && value >= 1;
export const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);

/** Whether a value is an object with these keys and no others. */
export function hasKeys(value, ...keys) {
  return isObject(value) && Object.keys(value).length === keys.length && keys.every((key) => key in value);
}
