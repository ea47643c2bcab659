/** What a sweep's runs come to, as documents keep it and people read it. */
import { offeredInTimeAtLeast } from '../../analysis/client-verdict.ts';
import { sweepResults } from '../../analysis/sweep.ts';
import type { SearchVerdict } from '../../analysis/verdict.ts';
import { type Combination, sweepCombinations } from '../../config/check-sweep.ts';
import { type KnobName, knobs } from '../../config/knobs.ts';
import type { Plan } from '../../config/plan.ts';
import type { Sweep, SweepResultRow } from '../document-sweep-schema.ts';
import { msUnitText, rateText } from '../figures-text.ts';
import { knobText } from '../knob-text.ts';

/** The combinations of these runs, best first. */
export function resultsOf(sweep: Pick<Sweep, 'knobs' | 'slo' | 'tag' | 'runs'>): SweepResultRow[] {
  const combinations = sweepCombinations(sweep.knobs);
  const figures = sweep.runs.map(({ combination, targetRate, rate, [sweep.tag]: latency }) => {
    return { combination, targetRate, rate, p99Ms: latency.p99Ms };
  });
  return sweepResults(figures, sweep.slo !== '').map((result) => ({
    ...result,
    knobs: combinations[result.combination] ?? {},
  }));
}

export function bestOf(results: readonly SweepResultRow[]): number | null {
  const [best] = results;
  return best === undefined || (best.rate.median === null && best.p99Ms.median === null) ? null : best.combination;
}

/** "linger 5 ms, producers 4". */
export function combinationText(values: Combination): string {
  const names = Object.keys(knobs) as KnobName[];
  return names
    .flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [`${knobs[name].label} ${knobText(name, value)}`];
    })
    .join(', ');
}

/** "linger 5 ms, producers 4: p99 3.97 ms at 50.0 k/s", or with a search "…: 50.0 k/s, p99 3.97 ms". */
export function sweepResultText({ knobs: values, rate, p99Ms }: SweepResultRow, searched: boolean): string {
  const p99 = `p99 ${p99Ms.median === null ? '-' : msUnitText(p99Ms.median)}`;
  const found = rate.median === null ? 'no rate holds' : rateText(rate.median);
  return `${combinationText(values)}: ${searched ? `${found}, ${p99}` : `${p99} at ${found}`}`;
}

/** "best linger 5 ms: …", for the card, the summary and the verdict. */
export function sweepText({ results, best, slo, outcome, runs }: Sweep): string {
  const stopped = outcome === 'stopped' ? `stopped after ${runs.length} runs: ` : '';
  const first = results.find(({ combination }) => combination === best);
  return first === undefined
    ? `${stopped}nothing was measured`
    : `${stopped}best ${sweepResultText(first, slo !== '')}`;
}

/** What a run amounts to whose task was to sweep. */
export function sweepVerdict(sweeps: readonly Sweep[]): SearchVerdict {
  const last = sweeps.at(-1);
  if (last === undefined) return { kind: 'none', text: 'the sweep did not begin' };
  const late = last.runs.filter(({ offeredInTime: share }) => share !== null && share < offeredInTimeAtLeast).length;
  if (late * 2 > last.runs.length) {
    return { kind: 'client', text: `the load generator was late in ${late} of ${last.runs.length} runs of the sweep` };
  }
  const found = last.slo === '' || last.runs.length === 0 || last.runs.some(({ rate }) => rate !== null);
  return found
    ? { kind: 'found', text: sweepText(last) }
    : { kind: 'none', text: `no combination has a rate that holds ${last.slo}` };
}

/** Of which latency a sweep's p99 is: of a pipeline from end to end, and as its objective says. */
export function tagOf({ consumeTopic }: Pick<Plan, 'consumeTopic'>, slos: Plan['findSlos']): Sweep['tag'] {
  const latency = slos.find((slo) => slo.kind === 'latency');
  if (latency?.kind === 'latency') return latency.tag === 'e2e' ? 'e2e' : 'response';
  return consumeTopic === null ? 'response' : 'e2e';
}
