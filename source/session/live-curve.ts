/**
 * Response by rate of a run without a search: of a ramp, and of what an operator did by hand. Every second at a rate is a
 * point; seconds at about the same rate are one point of the curve, in whose median a spike or a backlog does not show. Pure.
 */
import { kneeOf } from '../analysis/knee.ts';
import { type KneeRow, kneeRow } from './knee-row.ts';
import type { ChartPoint, SessionEvent } from './view.ts';

export interface CurveSecond {
  readonly rateHz: number;
  readonly p99Ms: number | null;
}

export interface CurveRate extends CurveSecond {
  readonly meanMs: number;
}

export interface LiveCurve {
  readonly seconds: readonly CurveSecond[];
  /** By rising rate. */
  readonly rates: readonly CurveRate[];
  /** null: fewer than three rates. */
  readonly knee: KneeRow | null;
}

/** Rates within an eighth of a doubling count as one: a ramp's seconds are many, and each by itself is noise. */
const ratesPerDoubling = 8;
/** In the second after a jump the messages of the rate before are still on their way. */
const jump = 1.25;

/** Of the seconds since a knob besides the rate was turned: what came before is another curve. */
export function liveCurve(points: readonly ChartPoint[], events: readonly SessionEvent[]): LiveCurve {
  const sinceMs = lastOtherCurveMs(events);
  const groups = new Map<number, { rateHz: number; meanMs: number; p99Ms: number | null }[]>();
  const seconds: CurveSecond[] = [];
  let before: number | null = null;
  for (const point of points) {
    const rateHz = point.targetRate ?? point.ackedRate;
    const jumped = before === null || rateHz > before * jump || rateHz < before / jump;
    before = rateHz;
    const { meanMs, p99Ms } = point.latency.response;
    if (jumped || point.timeMs < sinceMs || rateHz <= 0 || meanMs === null || meanMs <= 0) continue;
    seconds.push({ rateHz, p99Ms });
    const place = Math.round(Math.log2(rateHz) * ratesPerDoubling);
    const group = groups.get(place) ?? [];
    group.push({ rateHz, meanMs, p99Ms });
    groups.set(place, group);
  }
  const rates = [...groups.values()].map(rateOf).sort((a, b) => a.rateHz - b.rateHz);
  return { seconds, rates, knee: kneeRow(kneeOf(rates)) };
}

function rateOf(group: readonly { rateHz: number; meanMs: number; p99Ms: number | null }[]): CurveRate {
  const known = group.flatMap(({ p99Ms }) => p99Ms ?? []);
  return {
    rateHz: median(group.map(({ rateHz }) => rateHz)),
    meanMs: median(group.map(({ meanMs }) => meanMs)),
    p99Ms: known.length === 0 ? null : median(known),
  };
}

/** The lower one of the two in the middle: a value that was measured. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function lastOtherCurveMs(events: readonly SessionEvent[]): number {
  const last = events.findLast(
    ({ type, fields }) =>
      type === 'figures' || (type === 'knob' && fields.knob !== undefined && fields.knob !== 'rate'),
  );
  return last?.timeMs ?? 0;
}
