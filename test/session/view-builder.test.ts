import { expect, it } from 'vitest';
import { Tally } from '../../source/session/interval-book.ts';
import type { SessionView } from '../../source/session/view.ts';
import { buildView, clientHealthOf } from '../../source/session/view-builder.ts';
import { fakeKnobs, fakeView } from '../ui/fake-view.ts';
import { bookRig, second, zeroMs } from './support/book-rig.ts';

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

it('tells its own time and that of its points by one clock, however the wall clock is set', () => {
  const { timeline, rows, happenings, look } = bookRig();
  timeline.change(second, { rateHz: 100, phase: 'measuring' });
  look(4.2 * second);
  const { nowMs, points } = buildView({
    ...fakeView(),
    startedAtMs: zeroMs,
    nowNs: 4.2 * second,
    startedNs: second,
    freshNs: second,
    happenings,
    rows,
    tally: new Tally(),
    consumes: true,
    clockDeviationNs: 0,
    steadySinceNs: null,
  });
  expect(nowMs).toBe(zeroMs + 4_200);
  expect(points.map(({ timeMs, durationMs }) => timeMs + durationMs)).toEqual(
    [2_000, 3_000, 4_000].map((ms) => zeroMs + ms),
  );
});

it('tells what goes over the wire in a second, and the ratio at its knob while a codec is applied', () => {
  const { timeline, rows, happenings, look, write } = bookRig();
  timeline.change(second, { rateHz: 100, phase: 'measuring' });
  look(second);
  write(1.5 * second, 2_000, 6_200);
  look(2 * second);
  const view = (codec: 'none' | 'lz4') =>
    buildView({
      ...fakeView({ knobs: fakeKnobs({ compression: { requested: 'lz4', applied: codec } }) }),
      startedAtMs: zeroMs,
      nowNs: 2 * second,
      startedNs: second,
      freshNs: second,
      happenings,
      rows,
      tally: new Tally(),
      consumes: true,
      clockDeviationNs: 0,
      steadySinceNs: null,
    });
  expect(view('lz4').wireBytesRate).toBeCloseTo(2_000);
  expect(view('lz4').compressionRatio).toBeCloseTo(3.1);
  const noteOf = ({ knobs }: Pick<SessionView, 'knobs'>) => knobs.find(({ name }) => name === 'compression')?.note;
  expect(noteOf(view('lz4'))).toBe('3.1×');
  expect(noteOf(view('none'))).toBeNull();
});

it('tells what is inside a pipeline, and nothing of what is missing while some of it is', () => {
  const { rows, happenings } = bookRig();
  const view = (inside: { readonly inPipeline?: number | null }) =>
    buildView({
      ...fakeView(),
      startedAtMs: zeroMs,
      nowNs: second,
      startedNs: 0,
      freshNs: 0,
      happenings,
      rows,
      tally: new Tally(),
      consumes: true,
      clockDeviationNs: 0,
      steadySinceNs: null,
      ...inside,
    });
  expect(view({}).totals.missing).toBe(0);
  expect(view({})).not.toHaveProperty('inPipeline');
  expect(view({ inPipeline: 12 })).toMatchObject({ inPipeline: 12, totals: { missing: null } });
  expect(view({ inPipeline: null })).toMatchObject({ inPipeline: null, totals: { missing: null } });
});
