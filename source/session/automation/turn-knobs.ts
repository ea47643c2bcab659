/** Knobs turned one after the other, in an order that no setting on the way refuses. */
import type { Combination } from '../../config/check-sweep.ts';
import type { KnobName } from '../../config/knobs.ts';
import type { RunState } from '../run-state.ts';
import type { Wheel } from './wheel.ts';

/** All but the rate, for which there is a schedule. Rejects with the cluster's or the board's refusal. */
export async function turnKnobs(
  { board }: Pick<RunState, 'board'>,
  wheel: Wheel,
  values: Combination,
  goesOn: () => boolean,
): Promise<void> {
  const names = Object.keys(values) as KnobName[];
  const others = names.flatMap((name) => (name === 'rate' || name === 'inFlight' ? [] : [name]));
  // Idempotent producers have few requests in flight: those go before acks=all, and come after it is gone.
  const lower = typeof values.inFlight === 'number' && values.inFlight < board.number('inFlight');
  const order = lower ? (['inFlight', ...others] as const) : ([...others, 'inFlight'] as const);
  for (const name of order) {
    const value = values[name];
    if (value !== undefined && goesOn()) await wheel.knob(name, value, null);
  }
}
