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
    const shown = shownLatencies(seconds(60, answered(perSecond, 4)), noneOpen, true).response;
    expect(
      [shown.p50, shown.p99, shown.p999].map(({ valueMs, windowS }) => (valueMs === null ? null : windowS)),
    ).toEqual(windows);
    if (shown.p50.valueMs !== null) expect(shown.p50).toMatchObject({ valueMs: 4, atLeast: false });
  });

  it('looks at the newest seconds first', () => {
    const recent = [...seconds(1, answered(5_000, 8)), ...seconds(59, answered(5_000, 2))];
    const { response, e2e } = shownLatencies(recent, noneOpen, true);
    expect(response.p99).toEqual({ valueMs: 8, windowS: 1, atLeast: false });
    expect(response.p50).toEqual({ valueMs: 8, windowS: 1, atLeast: false });
    // Of 10,000 messages the newest second has half.
    expect(response.p999).toMatchObject({ valueMs: 8, windowS: 5 });
    expect(e2e.p50.valueMs).toBe(9);
  });

  it('counts seconds that a change cut short as what they are', () => {
    const recent = [{ tally: answered(300, 4), durationMs: 300 }, ...seconds(5, answered(1_000, 2))];
    expect(shownLatencies(recent, noneOpen, true).response.p99).toEqual({ valueMs: 4, windowS: 1, atLeast: false });
  });

  it('shows a lower bound where the rank falls among messages that were not answered', () => {
    const stalled = tallyOf({ scheduled: 2_000, sent: 2_000, acked: 1_970 }, { response: [[1, 1_970]] });
    const { response } = shownLatencies(seconds(1, stalled), (tag) => (tag === 'response' ? 3_210 : 0), true);
    expect(response.p50).toEqual({ valueMs: 1, windowS: 1, atLeast: false });
    expect(response.p99).toEqual({ valueMs: 3_210, windowS: 1, atLeast: true });
    expect(response.p999.valueMs).toBeNull();
  });

  it('shows one where nothing at all was answered', () => {
    const stalled = tallyOf({ scheduled: 2_000, sent: 2_000 });
    expect(shownLatencies(seconds(1, stalled), () => 777, true).response.p50).toEqual({
      valueMs: 777,
      windowS: 1,
      atLeast: true,
    });
  });

  it('shows dashes where there is no such latency: acknowledgements are not asked for, nobody consumes', () => {
    const unasked = tallyOf({ scheduled: 5_000, sent: 5_000, acked: 5_000 }, { slip: [[0.2, 5_000]] });
    const { response, e2e, slip } = shownLatencies(seconds(3, unasked), noneOpen, false);
    for (const shown of [response.p50, e2e.p50, e2e.p99])
      expect(shown).toMatchObject({ valueMs: null, atLeast: false });
    expect(slip.p50.valueMs).toBe(0.2);
    expect(shownLatencies([], noneOpen, true).response.p50.valueMs).toBeNull();
  });

  it('is of those that come out where a pipeline drops others', () => {
    const half = tallyOf({ scheduled: 1_000, sent: 1_000, acked: 1_000, consumed: 500 }, { e2e: [[7, 500]] });
    const of = (filters: boolean) => shownLatencies(seconds(60, half), () => 900, true, filters).e2e.p99;
    expect(of(false)).toMatchObject({ valueMs: 900, atLeast: true });
    expect(of(true)).toMatchObject({ valueMs: 7, atLeast: false });
  });

  it('shows no older, calmer figure where nothing of the newest second has been read yet', () => {
    const unread = tallyOf({ scheduled: 1_000, sent: 1_000, acked: 1_000 }, { response: [[2, 1_000]] });
    const recent = [...seconds(2, unread), ...seconds(58, answered(1_000, 4))];
    const { response, e2e } = shownLatencies(recent, (tag) => (tag === 'e2e' ? 2_100 : 0), true);
    expect(response.p99).toEqual({ valueMs: 2, windowS: 1, atLeast: false });
    expect(e2e.p50).toEqual({ valueMs: 2_100, windowS: 1, atLeast: true });
    expect(e2e.p99).toEqual({ valueMs: 2_100, windowS: 1, atLeast: true });
    expect(e2e.p999).toEqual({ valueMs: 2_100, windowS: 10, atLeast: true });
  });

  it('knows how old the oldest was that was given up, once nothing waits any more', () => {
    const waited = { givenUpAfterNs: 30e9, missedAfterNs: 2e9 };
    const gone = tallyOf(
      { scheduled: 2_000, failed: 500, missed: 1_400, missedByClient: 1_400, ...waited },
      { response: [[1, 100]], slip: [[1, 600]] },
    );
    const shown = shownLatencies(seconds(1, gone), () => 0, true);
    expect(shown.response.p50).toMatchObject({ valueMs: 30_000, atLeast: true });
    expect(shown.e2e.p50).toMatchObject({ valueMs: 30_000, atLeast: true });
    // What a producer took was not late for its own fault, however long it waited then.
    expect(shown.slip.p50).toMatchObject({ valueMs: 2_000, atLeast: true });
  });

  it("ranks messages missed for the client's own lateness above all others in slip as well", () => {
    const missed = tallyOf({ scheduled: 2_000, missed: 1_500, missedByClient: 1_500 }, { slip: [[1, 500]] });
    expect(shownLatencies(seconds(1, missed), () => 30_000, true).slip.p50).toMatchObject({
      valueMs: 30_000,
      atLeast: true,
    });
  });
});
