/** How many records all consumers of a run have read, towards a limit: one count that main and the consumer threads share. */

const countAt = 0;
const reachedAt = 1;
/** Nothing counts before `begin`, however much is read. */
const notBegun = -1n;

export interface ReadLimit {
  readonly shared: SharedArrayBuffer;
  readonly records: number;
}

/** The shared memory of a count that has not begun. */
export function createReadLimit(records: number): ReadLimit {
  const shared = new SharedArrayBuffer(16);
  new BigInt64Array(shared)[countAt] = notBegun;
  return { shared, records };
}

export class ReadCount {
  readonly #limit: number;
  readonly #counts: BigInt64Array;
  /** When the limit was reached, run-relative ns; written by the one thread whose records did it. */
  readonly #times: Float64Array;

  constructor({ shared, records }: ReadLimit) {
    this.#limit = records;
    this.#counts = new BigInt64Array(shared);
    this.#times = new Float64Array(shared);
  }

  /** What is read from now on counts. */
  begin(): void {
    Atomics.compareExchange(this.#counts, countAt, notBegun, 0n);
  }

  /** Called once a batch. Answers true where it is enough: the limit is reached, by these records or before. */
  add(records: number, nowNs: number): boolean {
    const known = Atomics.load(this.#counts, countAt);
    if (known === notBegun) return false;
    const before = Number(Atomics.add(this.#counts, countAt, BigInt(records)));
    if (before + records < this.#limit) return false;
    if (before < this.#limit) this.#times[reachedAt] = nowNs;
    return true;
  }

  get records(): number {
    return Math.max(0, Number(Atomics.load(this.#counts, countAt)));
  }

  /** null: the limit is not reached. */
  get reachedNs(): number | null {
    const atNs = this.#times[reachedAt] ?? 0;
    return atNs > 0 ? atNs : null;
  }
}
