/** Runs to compare, with made-up figures. */
import { type ComparedRun, noSearch } from '../../../source/output/compared-run.ts';

const names = { alike: ['message size', 'topics', 'SLO', 'acks', 'broker'], free: ['linger', 'batch-size'] };

export interface RunChanges extends Partial<Omit<ComparedRun, 'alike' | 'free' | 'figures'>> {
  readonly figures?: Partial<ComparedRun['figures']>;
  /** Other texts of traits, by name; else all are alike. */
  readonly traits?: Readonly<Record<string, string>>;
}

/** `number` tells it from others and orders them in time. */
export function runNamed(number: number, { figures, traits = {}, ...changes }: RunChanges = {}): ComparedRun {
  const trait = (name: string) => ({ name, text: traits[name] ?? 'as ever' });
  const around = (value: number) => ({ value, spread: { low: value * 0.9, high: value * 1.1 } });
  return {
    session: `${number}.json`,
    id: String(number).padStart(16, '0'),
    startedAt: new Date(Date.UTC(2026, 10, 21) + number * 60_000).toISOString(),
    headline: 'latency, 10 s on kafka (3 brokers), orders-load ×12 RF3 acks=all',
    sandbox: false,
    alike: names.alike.map(trait),
    free: names.free.map(trait),
    remarks: [],
    ...changes,
    figures: {
      p50Ms: around(2),
      p99Ms: around(8),
      throughputRate: around(50_000),
      maxSustainableRate: noSearch,
      ...figures,
    },
  };
}

/** Base and new runs that alternate, with these p99s, ms. */
export function alternating(
  base: readonly number[],
  later: readonly number[],
  changes: { readonly base?: RunChanges; readonly new?: RunChanges } = {},
): readonly [ComparedRun[], ComparedRun[]] {
  const runs = (p99s: readonly number[], first: number, side: RunChanges = {}) =>
    p99s.map((value, at) =>
      runNamed(first + 2 * at, { ...side, figures: { p99Ms: { value, spread: null }, ...side.figures } }),
    );
  return [runs(base, 1, changes.base), runs(later, 2, changes.new)];
}

export const steadyP99s = [8.1, 8.4, 7.9, 8.6, 8.2, 8.3];
export const slowerP99s = [9.2, 9.5, 9.0, 9.8, 9.3, 8.9];
