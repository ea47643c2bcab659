import { describe, expect, it } from 'vitest';
import { shownLatencies } from '../../source/session/shown-latency.ts';
import { answered, tallyOf } from './support/tallies.ts';

const seconds = (count: number, tally: ReturnType<typeof answered>) =>
  Array.from({ length: count }, () => ({ tally, durationMs: 1_000 }));
const noneOpen = () => 0;

describe('shownLatencies', () => {
  it.each([
    ['50,000/s', 50_000, [1, 1, 1]],
    ['10,000/s', 10_000, [1, 1, 1]],
    ['5,000/s', 5_000, [1, 1, 5]],
    ['1,000/s', 1_000, [1, 1, 10]],
    ['500/s', 500, [1, 5, 30]],
    ['200/s', 200, [1, 5, 60]],
    ['100/s', 100, [1, 10, null]],
    ['20/s', 20, [1, 60, null]],
    ['10/s', 10, [5, null, null]],
    ['1/s', 1, [30, null, null]],
    ['0/s', 0, [null, null, null]],
  ])('%s: the shortest window that has enough, and is named', (_, perSecond, windows) => {
    const shown = shownLatencies(seconds(60, answered(perSecond, 4)), noneOpen).response;
    expect(
      [shown.p50, shown.p99, shown.p999].map(({ valueMs, windowS }) => (valueMs === null ? null : windowS)),
    ).toEqual(windows);
    if (shown.p50.valueMs !== null) expect(shown.p50).toMatchObject({ valueMs: 4, atLeast: false });
  });

  it('looks at the newest seconds first', () => {
    const recent = [...seconds(1, answered(5_000, 8)), ...seconds(59, answered(5_000, 2))];
    const { response, e2e } = shownLatencies(recent, noneOpen);
    expect(response.p99).toEqual({ valueMs: 8, windowS: 1, atLeast: false });
    expect(response.p50).toEqual({ valueMs: 8, windowS: 1, atLeast: false });
    // Of 10,000 messages the newest second has half.
    expect(response.p999).toMatchObject({ valueMs: 8, windowS: 5 });
    expect(e2e.p50.valueMs).toBe(9);
  });

  it('counts seconds that a change cut short as what they are', () => {
    const recent = [{ tally: answered(300, 4), durationMs: 300 }, ...seconds(5, answered(1_000, 2))];
    expect(shownLatencies(recent, noneOpen).response.p99).toEqual({ valueMs: 4, windowS: 1, atLeast: false });
  });

  it('shows a lower bound where the rank falls among messages that were not answered', () => {
    const stalled = tallyOf({ scheduled: 2_000, sent: 2_000, acked: 1_970 }, { response: [[1, 1_970]] });
    const { response } = shownLatencies(seconds(1, stalled), (tag) => (tag === 'response' ? 3_210 : 0));
    expect(response.p50).toEqual({ valueMs: 1, windowS: 1, atLeast: false });
    expect(response.p99).toEqual({ valueMs: 3_210, windowS: 1, atLeast: true });
    expect(response.p999.valueMs).toBeNull();
  });

  it('shows one where nothing at all was answered', () => {
    const stalled = tallyOf({ scheduled: 2_000, sent: 2_000 });
    expect(shownLatencies(seconds(1, stalled), () => 777).response.p50).toEqual({
      valueMs: 777,
      windowS: 1,
      atLeast: true,
    });
  });

  it('shows dashes where there is no such latency: acknowledgements are not asked for, nobody consumes', () => {
    const unasked = tallyOf({ scheduled: 5_000, sent: 5_000, acked: 5_000 }, { slip: [[0.2, 5_000]] });
    const { response, e2e, slip } = shownLatencies(seconds(3, unasked), noneOpen);
    for (const shown of [response.p50, e2e.p50, e2e.p99])
      expect(shown).toMatchObject({ valueMs: null, atLeast: false });
    expect(slip.p50.valueMs).toBe(0.2);
    expect(shownLatencies([], noneOpen).response.p50.valueMs).toBeNull();
  });

  it('ranks missed messages above all others in slip as well', () => {
    const missed = tallyOf({ scheduled: 2_000, missed: 1_500 }, { slip: [[1, 500]] });
    expect(shownLatencies(seconds(1, missed), () => 30_000).slip.p50).toMatchObject({ valueMs: 30_000, atLeast: true });
  });
});
