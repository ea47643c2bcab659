/**
 * Draws numbers 0 … count − 1 with Zipf's law, number k in proportion to 1 / (k + 1)^exponent, at the same cost however
 * many there are: an alias table (Walker 1977, laid out as Vose 1991 does).
 */

export class ZipfTable {
  readonly count: number;
  readonly exponent: number;
  /** By number: how likely it stays itself where it is picked; else it becomes its alias. */
  readonly #stays: Float64Array;
  readonly #alias: Int32Array;

  constructor(count: number, exponent: number) {
    this.count = count;
    this.exponent = exponent;
    this.#stays = new Float64Array(count);
    this.#alias = new Int32Array(count);
    this.#lay();
  }

  /** `uniform` answers numbers in (0, 1]. It is asked twice: 32 bits would not do for a large pool and a fair coin. */
  draw(uniform: () => number): number {
    const picked = Math.min(this.count - 1, Math.floor(uniform() * this.count));
    return uniform() <= (this.#stays[picked] ?? 1) ? picked : (this.#alias[picked] ?? picked);
  }

  /** Weights fall with the number: the first ones, above the mean, give to those below it until they fall short themselves. */
  #lay(): void {
    const { count, exponent } = this;
    const weights = this.#stays;
    const alias = this.#alias;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = (k + 1) ** -exponent;
      weights[k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) weights[k] = ((weights[k] ?? 0) * count) / sum;
    const firstBelow = weights.findIndex((weight) => weight < 1);
    const givers = firstBelow < 0 ? count : firstBelow;
    let giver = 0;
    let left = weights[0] ?? 1;
    for (let taker = givers; taker < count; taker++) {
      alias[taker] = giver;
      left -= 1 - (weights[taker] ?? 1);
      while (left < 1 && giver + 1 < givers) {
        const next = weights[giver + 1] ?? 1;
        weights[giver] = left;
        alias[giver] = giver + 1;
        left -= 1 - next;
        giver++;
      }
    }
    // What is left of them is 1, but for rounding.
    weights.fill(1, giver, givers);
  }
}

let latest: ZipfTable | null = null;

/** The same table for all producers of a thread: ten million keys take 120 MB. */
export function zipfTable(count: number, exponent: number): ZipfTable {
  if (latest?.count !== count || latest.exponent !== exponent) latest = new ZipfTable(count, exponent);
  return latest;
}
