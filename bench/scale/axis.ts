/** Axes of a line chart: which values get a tick, and where a value lies between the two ends. */

export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** How a tick is written. */
  readonly format: (value: number) => string;
  /** Values that get a tick; without them round ones are found. */
  readonly ticks?: readonly number[];
}

export interface Ticks {
  readonly values: readonly number[];
  readonly low: number;
  readonly high: number;
}

const wantedSteps = 5;
/** Values that span more decades get a tick at each power of ten only. */
const fewDecades = 2;

/**
 * Round ticks around the values; a linear axis begins at 0. Throws RangeError where there are no values, or where a value
 * cannot lie on the axis: a negative one, or 0 on a logarithmic one.
 */
export function ticksOf({ scale, ticks }: Axis, values: readonly number[]): Ticks {
  const least = Math.min(...values, ...(ticks ?? []));
  const most = Math.max(...values, ...(ticks ?? []));
  if (!(Number.isFinite(least) && Number.isFinite(most)) || least < 0 || (scale === 'log' && least === 0)) {
    throw new RangeError(`a ${scale} axis cannot show ${least} to ${most}`);
  }
  const found = ticks ?? (scale === 'log' ? logTicks(least, most) : linearTicks(most));
  if (scale === 'linear') return { values: found, low: 0, high: Math.max(most, ...found) };
  return { values: found, low: Math.min(least, ...found), high: Math.max(most, ...found) };
}

/** 0 at the low end, 1 at the high end; one half where both are the same. */
export function share(scale: Axis['scale'], { low, high }: Ticks, value: number): number {
  if (low === high) return 0.5;
  if (scale === 'linear') return (value - low) / (high - low);
  return Math.log(value / low) / Math.log(high / low);
}

function linearTicks(most: number): number[] {
  if (most === 0) return [0, 1];
  const rough = most / wantedSteps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** 1, 2, 5, 10 … as far as they enclose the values; powers of ten alone where there are many. */
function logTicks(least: number, most: number): number[] {
  const first = Math.floor(Math.log10(least) + 1e-9);
  const last = Math.ceil(Math.log10(most) - 1e-9);
  const factors = Math.log10(most / least) > fewDecades ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let power = first; power <= last; power++) {
    for (const factor of factors) all.push(Number((factor * 10 ** power).toPrecision(12)));
  }
  const from = all.findLastIndex((tick) => tick <= least * 1.000001);
  const to = all.findIndex((tick) => tick >= most * 0.999999);
  return all.slice(from, to + 1);
}
