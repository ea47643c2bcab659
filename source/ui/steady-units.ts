/**
 * Which units the live figures stand in. A figure keeps its unit while it wobbles about the edge to the next one: what is
 * remembered is the place of the unit, by field. Pure.
 */
import { spanPlace, unitPlace } from '../session/figures-text.ts';
import type { SessionView } from '../session/view.ts';

/** By field, the place of its unit; left out: not seen yet. */
export type Units = Readonly<Partial<Record<UnitField, number>>>;

type Place = (value: number, held: number | undefined) => number;
const thousands: Place = (value, held) => unitPlace(value, 1000, held);
const bytes: Place = (value, held) => unitPlace(Math.round(value), 1024, held);

const fields = {
  target: [thousands, (view) => view.targetRate],
  sent: [thousands, (view) => view.sentRate],
  acked: [thousands, (view) => view.ackedRate],
  consumed: [thousands, (view) => view.consumedRate],
  failed: [thousands, (view) => view.failedRate],
  retried: [thousands, (view) => view.retryRate],
  inFlight: [thousands, (view) => view.inFlight],
  ackedBytes: [bytes, (view) => view.ackedBytesRate],
  consumedBytes: [bytes, (view) => view.consumedBytesRate],
  wireBytes: [bytes, (view) => view.wireBytesRate],
  lag: [thousands, (view) => view.lag.totalMessages],
  lagMs: [spanPlace, (view) => view.lag.totalMs],
  memory: [bytes, (view) => view.host.memoryBytes.current],
  network: [bytes, (view) => view.host.networkBytesRate.current],
  disk: [bytes, (view) => view.host.diskBytesRate.current],
  resident: [bytes, (view) => view.host.processRssBytes.current],
} as const satisfies Readonly<Record<string, readonly [Place, (view: SessionView) => number | null]>>;

export type UnitField = keyof typeof fields;

function isField(name: string): name is UnitField {
  return Object.hasOwn(fields, name);
}

/** The units for a new picture, `held` being those of the one before. */
export function nextUnits(held: Units, view: SessionView): Units {
  const next: Partial<Record<UnitField, number>> = {};
  for (const name of Object.keys(fields).filter(isField)) {
    const [place, read] = fields[name];
    const value = read(view);
    const before = held[name];
    const now = value === null ? before : place(value, before);
    if (now !== undefined) next[name] = now;
  }
  return next;
}
