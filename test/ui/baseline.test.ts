import { describe, expect, it } from 'vitest';
import type { LatencyTag } from '../../source/config/plan.ts';
import type { SessionView, ShownLatency } from '../../source/session/view.ts';
import { baselineOf, changeText, changeWidth } from '../../source/ui/baseline.ts';
import { drawFrame, frameLines } from '../../source/ui/frame.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { initialState, type ScreenState } from '../../source/ui/state.ts';
import { controllerOf } from './controller-of.ts';
import { fakeControl, fakeNowMs, fakePlan, fakeView } from './fake-view.ts';

describe('changeText', () => {
  it.each<[number | null, number | null, string]>([
    [88, 100, '(−12 %)'],
    [120, 100, '(+20 %)'],
    [100.4, 100, '(0 %)'],
    [0, 100, '(−100 %)'],
    [1099, 100, '(+999 %)'],
    [1101, 100, '(>×10)'],
    [null, 100, ''],
    [5, null, ''],
    [5, 0, ''],
  ])('%s after %s: %s', (now, before, text) => {
    expect(changeText(now, before)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(changeWidth);
  });
});

describe('baselineOf', () => {
  it('takes the mean rate of the last 10 s, and percentiles as they are shown', () => {
    const { points } = fakeView();
    const view = fakeView({
      points: points.map((point, at) => ({ ...point, ackedRate: at >= points.length - 10 ? 600 : 1 })),
    });
    expect(baselineOf(view)).toEqual({ atMs: fakeNowMs, ackedRate: 600, latency: view.latency });
    expect(baselineOf(fakeView({ points: [], ackedRate: 7 })).ackedRate).toBe(7);
  });
});

/** Everything 25 % slower, and p50 not known. */
function slower(shown: ShownLatency): ShownLatency {
  const of = ({ p99, p999 }: ShownLatency) =>
    [p99, p999].map((one) => ({ ...one, valueMs: (one.valueMs ?? 0) * 1.25 }));
  const [p99 = shown.p99, p999 = shown.p999] = of(shown);
  return { p50: { ...shown.p50, valueMs: null }, p99, p999 };
}

const before = fakeView();
const now: SessionView = fakeView({
  ackedRate: 59_976,
  latency: { ...before.latency, response: slower(before.latency.response) },
});

function lines(columns: number, rows: number, changes: Partial<ScreenState> = {}, view = now): readonly string[] {
  const state = { ...initialState('default', 'block'), baseline: baselineOf(before), ...changes };
  const paint = createPaint('default', false);
  return frameLines(drawFrame({ columns, rows, view, state, paint, ascii: false, nowMs: 0 })).map((line) =>
    line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), ''),
  );
}

describe('what is pinned', () => {
  it.each([
    [120, 30],
    [160, 45],
  ])('on %d × %d stands in the header', (columns, rows) => {
    expect(lines(columns, rows)[2]).toMatch(/ p99 {2}4\.96 \(\+25 %\) /);
    expect(lines(columns, rows, { baseline: null })[2]).not.toContain('p99  4.96');
  });

  it('on 80 × 24 stands behind p99 in the header', () => {
    expect(lines(80, 24)[2]).toMatch(/^ p50 .* p99 {2}4\.96 \(\+25 %\) {3}p99\.9 /);
    expect(lines(80, 24, { baseline: null })[2]).toMatch(/ p99 {2}4\.96 {2}p99\.9 /);
  });

  const bound = { clientHealth: { ok: false, text: 'client-bound: slip p99 12.3 ms' } } as const;
  const unread = {
    plan: { ...fakePlan, mode: 'produce-only' },
    totals: { ...before.totals, missing: null },
  } as const;

  it.each<[string, Partial<SessionView>, LatencyTag]>([
    ['end to end', {}, 'e2e'],
    ['service', {}, 'service'],
    ['slip', {}, 'slip'],
    ['of a run that reads nothing', unread, 'response'],
    ['of a client that is the limit', bound, 'response'],
    ['of all that at once', { ...unread, ...bound }, 'service'],
  ])('stays in the header, as does a warning: %s', (_, changes, latencyTag) => {
    for (const [columns, rows] of [
      [80, 24],
      [120, 30],
      [160, 45],
    ] as const) {
      const header = lines(columns, rows, { latencyTag }, fakeView({ ...now, ...changes }))[2] ?? '';
      expect(header).toMatch(/p99 +[\d.]+ \((\+25|0) %\)/);
      if (latencyTag !== 'response') expect(header).toContain(`${latencyTag} p`);
      if ('clientHealth' in changes) expect(header).toContain('! client-bound');
    }
  });

  it.each([
    [80, 24],
    [120, 30],
    [200, 60],
  ])('on %d × %d stands under the expanded charts', (columns, rows) => {
    const latency = lines(columns, rows, { focus: 'latency', expanded: 'latency' }).at(-4) ?? '';
    expect(latency).toMatch(/│ pinned 12:04:31 .*p99 +3\.97 → +4\.96 \(\+25 %\)/);
    expect(latency.includes('p99.9   12.7 →   15.9 (+25 %)')).toBe(columns > 100);
    const throughput = lines(columns, rows, { focus: 'throughput', expanded: 'throughput' }).at(-4);
    expect(throughput).toMatch(/│ pinned 12:04:31 +acked \S+ k\/s → 60\.0 k\/s \(\+2\d %\) +│/);
  });

  it('leaves the chart its room where nothing is pinned', () => {
    const of = (changes: Partial<ScreenState>) => lines(120, 30, { focus: 'latency', expanded: 'latency', ...changes });
    expect(of({ baseline: null }).at(-4)).toMatch(/│ +\d\d:\d\d:\d\d .* \d\d:\d\d:\d\d +│/);
  });
});

describe('pinning', () => {
  function driven() {
    const control = fakeControl();
    const controller = controllerOf(control);
    const type = (text: string) => controller.keys([...text, 'return']);
    return { controller, control, type };
  }

  it('takes the picture that is shown, and puts a mark', () => {
    const { controller, control } = driven();
    controller.take(before);
    controller.keys(['n']);
    expect(controller.state.baseline?.atMs).toBe(fakeNowMs);
    expect(control.calls).toEqual([expect.stringMatching(/^note baseline pinned: [\d.]+ k\/s, p99 3\.97 ms$/)]);
    controller.take(fakeView({ nowMs: fakeNowMs + 5000 }));
    controller.keys(['n']);
    expect(controller.state.baseline?.atMs).toBe(fakeNowMs + 5000);
    controller.keys(['f']);
    controller.take(fakeView({ nowMs: fakeNowMs + 9000 }));
    controller.keys(['n']);
    expect(controller.state.baseline?.atMs).toBe(fakeNowMs + 5000);
  });

  it('works by command, and is taken back by one', () => {
    const { controller, control, type } = driven();
    controller.take(before);
    type(':pin');
    expect(controller.state.baseline).not.toBeNull();
    type(':unpin');
    expect(controller.state.baseline).toBeNull();
    expect(control.calls).toHaveLength(1);
  });

  it('says so where there is nothing yet', () => {
    const { controller, control } = driven();
    controller.keys(['n']);
    expect(controller.state).toMatchObject({ baseline: null, notice: { tone: 'warn' } });
    expect(control.calls).toEqual([]);
  });
});
