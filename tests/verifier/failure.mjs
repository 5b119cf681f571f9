// The two ways in which a check ends early. `Problem`: something in the bundle does not hold; `code` is one of the page's. `Misuse`: the
// verifier was called wrongly, and nothing is said of the bundle.

export class Problem extends Error {
  constructor(code, message, seq) {
    super(message);
    this.code = code;
    this.seq = seq;
  }
}

export class Misuse extends Error {}

/** What `work` gives; what it throws, whatever it is, is this problem. */
export function orProblem(code, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(code, error.message);
  }
}
