import { expect, it } from 'vitest';
import { clientHealthOf } from '../../source/session/view-builder.ts';

it.each([
  [0, 0, null, true, 'client ok'],
  [0, 50_000, 0.24, true, 'client ok: slip p99 0.2 ms'],
  [0.01, 0, 3, true, 'client ok: slip p99 3.0 ms'],
  [0.02, 0, 30, false, 'client-bound: 2.0 % offered late'],
  [0, 51_000, 0.2, false, 'clocks differ: 0.05 ms'],
  [0.02, 51_000, 0.2, false, 'client-bound: 2.0 % offered late'],
])('%d late, clocks %d ns apart, slip p99 %s ms: %s, %s', (late, deviationNs, slipP99, ok, text) => {
  expect(clientHealthOf(late, deviationNs, slipP99)).toEqual({ ok, text });
});
