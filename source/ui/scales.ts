/** From values to chart rows, and the labels of the rows. Rows count from 0 at the bottom. */
import { formatAxis, threeDigits } from './format.ts';

export interface Scale {
  /** The row of a value, a fraction; null where the value has none (zero or less on a log scale). */
  readonly rowOf: (value: number) => number | null;
  /** Label by row. */
  readonly labels: ReadonlyMap<number, string>;
}

const roundSteps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** From 0 up to about `most` (three per cent over the end is drawn on it), with a round label on each row (on every second where rows abound). */
export function linearScale(most: number, height: number): Scale {
  const rows = Math.max(1, height - 1);
  const wanted = Math.max(most * 0.97, 1) / rows;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = (roundSteps.find((candidate) => candidate * power >= wanted * 0.9999) ?? 10) * power;
  const every = height > 10 ? 2 : 1;
  const labels = new Map<number, string>();
  for (let row = 0; row < height; row += every) {
    labels.set(row, formatAxis(Number((step * row).toPrecision(6))));
  }
  return { rowOf: (value) => Math.min(rows, Math.max(0, value / step)), labels };
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

function latencyLabel(ms: number): string {
  if (ms >= 10_000) {
    return `${Number(threeDigits(ms / 1000))}s`;
  }
  return String(ms).replace(/^0\./, '.');
}
