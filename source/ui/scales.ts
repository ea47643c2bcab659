/** From values to chart rows, and the labels of the rows. Rows count from 0 at the bottom. */

/** Cells that every label fits. */
export const labelWidth = 5;

export interface Scale {
  /** The row of a value, a fraction; null where the value has none (zero or less on a log scale). */
  readonly rowOf: (value: number) => number | null;
  /** Label by row, none wider than `labelWidth`. */
  readonly labels: ReadonlyMap<number, string>;
}

const roundSteps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/**
 * From 0 up to about `most` (three per cent over the end is drawn on it), with a round label on each row, on every
 * second or fourth where rows abound.
 */
export function linearScale(most: number, height: number): Scale {
  const rows = Math.max(1, height - 1);
  const every = height > 16 ? 4 : height > 10 ? 2 : 1;
  const wanted = (Math.max(most * 0.97, 1) / rows) * every;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const count = Math.ceil(height / every);
  const labelsOf = (step: number) =>
    new Map(Array.from({ length: count }, (_, index) => [index * every, countLabel(step * index)]));
  const large = roundSteps.map((digits) => digits * power).filter((step) => step >= wanted * 0.9999);
  const fits = (step: number) => [...labelsOf(step).values()].every((label) => label.length <= labelWidth);
  const step = large.find(fits) ?? 10 * power;
  return { rowOf: (value) => Math.min(rows, Math.max(0, (value / step) * every)), labels: labelsOf(step) };
}

/** Exactly: `60k`, `2.5k`, `1.25M`, `0`. */
function countLabel(value: number): string {
  const exact = (number: number) => String(Number(number.toPrecision(9)));
  if (value >= 1e9) return `${exact(value / 1e9)}G`;
  if (value >= 1e6) return `${exact(value / 1e6)}M`;
  return value >= 1000 ? `${exact(value / 1000)}k` : exact(value);
}

/** 0.001 … 500,000 in steps of 1, 2, 5. */
const niceLatencies: readonly number[] = Array.from({ length: 9 }, (_, index) => index - 3).flatMap((power) =>
  [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
);

/** Logarithmic between round values around `least` and `most` (ms). */
export function logScale(least: number, most: number, height: number): Scale {
  const rows = Math.max(1, height - 1);
  // A value a little outside the ends is drawn on them: better than an empty row for each.
  const low = niceLatencies.findLast((nice) => nice <= least * 1.2) ?? 0.001;
  const high =
    niceLatencies.find((nice) => nice >= most * 0.85 && nice >= low * 5) ?? Math.max(most, niceLatencies.at(-1) ?? 1);
  const rowOf = (value: number) =>
    value > 0 ? Math.min(rows, Math.max(0, (rows * Math.log(value / low)) / Math.log(high / low))) : null;
  const labels = new Map<number, string>();
  // The ends first, then what finds its row free.
  for (const nice of [low, high, ...niceLatencies.filter((value) => value > low && value < high)]) {
    const row = Math.round(rowOf(nice) ?? 0);
    if (!labels.has(row)) {
      labels.set(row, latencyLabel(nice));
    }
  }
  return { rowOf, labels };
}

/** `.5`, `20`, `500`, `2s`. */
function latencyLabel(ms: number): string {
  return ms >= 1000 ? `${Number((ms / 1000).toPrecision(3))}s` : String(ms).replace(/^0\./, '.');
}
