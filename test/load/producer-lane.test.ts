import { describe, expect, it } from 'vitest';
import { probeProducerId } from '../../source/clients/stamp.ts';
import type { Fate, ProducerKnobs } from '../../source/clients/types.ts';
import { dueBefore, nextSegment, type Segment } from '../../source/load/schedule.ts';
import { latencyPercentiles } from '../../source/session/latency-percentiles.ts';
import { plainShape } from '../clients/wire/support/making.ts';
import { random, seeds } from '../measure/support/random.ts';
import { type FakeProducer, laneRig, ms, second, takenTimes } from './support/lane-rig.ts';
import { segment } from './support/segment.ts';

describe('what is due', () => {
  it('is offered with its own intended time, however late the look', () => {
    const { tick, addSegment, client } = laneRig();
    addSegment(segment());
    tick(0);
    tick(2.5 * ms);
    tick(10 * ms);
    expect(takenTimes(client)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => at * ms));
    expect(client.taken.map(({ offeredNs }) => [...new Set(offeredNs)])).toEqual([[0], [2.5 * ms], [10 * ms]]);
  });

  it('goes out in the turn in which it is offered where there is no linger: the client is asked at the time it is by then', () => {
    const { lane, client, clock, addSegment } = laneRig();
    addSegment(segment({ rateHz: 1_000 }));
    client.offered = () => {
      clock.nowNs = 4 * ms + 3_000;
    };
    clock.nowNs = 4 * ms;
    lane.tick(clock.nowNs);
    expect(client.taken.length).toBeGreaterThan(0);
    expect(client.lastPollNs).toBe(4 * ms + 3_000);
  });

  it('is not offered before the schedule begins', () => {
    const { tick, addSegment, client } = laneRig();
    tick(ms);
    addSegment(segment({ startNs: 5 * ms }));
    tick(4 * ms);
    expect(client.taken).toEqual([]);
    expect(client.lastPollNs).toBe(4 * ms);
    tick(5 * ms);
    expect(takenTimes(client)).toEqual([5 * ms]);
  });

  it('goes out in runs of one partition and one epoch, with sequence numbers of its own in each', () => {
    const { tick, addSegment, client, table } = laneRig({ partitions: 3 });
    client.capacity = 7;
    addSegment(segment());
    table.open(20 * ms, 1, 'measuring');
    addSegment(segment({ startNs: 20 * ms, firstMessage: 20, epoch: 1 }));
    for (let at = 0; at < 60; at += 6) tick(at * ms);
    const next = [0, 0, 0];
    for (const { partitionIndex, firstSequence, intendedNs, epoch } of client.taken) {
      expect(firstSequence).toBe(next[partitionIndex]);
      next[partitionIndex] = firstSequence + intendedNs.length;
      for (const timeNs of intendedNs) expect(epoch).toBe(timeNs < 20 * ms ? 0 : 1);
    }
    expect(takenTimes(client)).toEqual(Array.from({ length: 55 }, (_, at) => at * ms));
    expect(Math.min(...next)).toBeGreaterThan(0);
  });

  it('carries its key', () => {
    const keys = { kind: 'pool', prefix: 'k', count: 5, order: 'round-robin' } as const;
    const { tick, addSegment, client } = laneRig({ keys, partitions: 2 });
    addSegment(segment());
    tick(9 * ms);
    const drawn = client.taken
      .flatMap(({ keys: numbers, intendedNs }) => (numbers ?? []).map((key, at) => ({ key, at: intendedNs[at] ?? 0 })))
      .sort((a, b) => a.at - b.at)
      .map(({ key }) => key);
    expect(drawn).toHaveLength(10);
    for (const [at, key] of drawn.entries()) expect(key).toBe(((drawn[0] ?? 0) + at) % 5);
  });

  it('is more than one turn may take: the rest follows at the next', () => {
    const { tick, addSegment, client, clock, host } = laneRig();
    addSegment(segment({ rateHz: 1e6 }));
    // Every look at the clock takes 0.6 ms.
    Object.assign(host, { nowNs: () => (clock.nowNs += 0.6 * ms) });
    expect(tick(100 * ms)).toBe(true);
    const first = takenTimes(client).length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(100_000);
    for (let turn = 0; turn < 200 && tick(100 * ms); turn++);
    expect(takenTimes(client)).toHaveLength(100_001);
  });
});

describe('coordinated omission', () => {
  /** 1,000/s for 10 s, 1 ms service, frozen in [5, 6) s; a producer looks every millisecond. */
  function frozenSecond(buffer: number) {
    const rig = laneRig();
    rig.client.buffer = buffer;
    rig.addSegment(segment());
    rig.table.open(10 * second, 0, 'draining');
    rig.addSegment(segment({ startNs: 10 * second, rateHz: 0, firstMessage: 10_000 }));
    for (let nowNs = 0; nowNs <= 10.1 * second; nowNs += ms) {
      for (;;) {
        const oldest = rig.client.open[0]?.offeredNs[0];
        if (oldest === undefined || oldest + ms > nowNs) break;
        if (oldest + ms > 5 * second && nowNs < 6 * second) break;
        rig.client.answer(nowNs);
      }
      rig.tick(nowNs);
    }
    return rig;
  }

  it('does not happen: n 10,000, p90 1, p95 500, p99 900, p99.9 990, mean 50.95 ms', () => {
    const { tally, total } = frozenSecond(Number.POSITIVE_INFINITY);
    const figures = latencyPercentiles(tally().latencies.response, 0);
    expect(figures.count).toBe(10_000);
    for (const [seen, expected] of [
      [figures.p90Ms, 1],
      [figures.p95Ms, 500],
      [figures.p99Ms, 900],
      [figures.p999Ms, 990],
      [figures.meanMs, 50.95],
    ] as const) {
      expect(Math.abs((seen ?? 0) / expected - 1)).toBeLessThanOrEqual(0.001);
    }
    expect(total('missed')).toBe(0);
  });

  it('does not happen behind a full buffer either: the wait is service, not slip', () => {
    const rig = frozenSecond(100);
    const { response, service, slip } = rig.tally().latencies;
    expect(response.count).toBe(10_000);
    // As many are taken again as are answered in a millisecond: the backlog is gone ten milliseconds after.
    expect(response.valueAtRank(9_900) / ms).toBeGreaterThan(890);
    expect(response.valueAtRank(9_900) / ms).toBeLessThan(912);
    expect(slip.maxNs).toBeLessThanOrEqual(1);
    expect(service.sumNs).toBe(response.sumNs);
    expect(rig.tally().counts.offeredLate).toBe(0);
    expect(rig.lane.blocked).toBe(false);
  });
});

describe('a full buffer', () => {
  it('blocks: messages are first offered when the pacer first looked, and taken later', () => {
    const { tick, addSegment, client, lane } = laneRig();
    client.buffer = 2;
    addSegment(segment());
    for (let at = 0; at < 10; at++) tick(at * ms + 100);
    expect(lane.blocked).toBe(true);
    expect(lane.oldestDueNs(9 * ms)).toBe(2 * ms);
    client.buffer = 1_000;
    tick(50 * ms);
    expect(lane.blocked).toBe(false);
    const offered = client.taken.flatMap(({ offeredNs }) => [...offeredNs]);
    // Due at 1 ms, seen at 1 ms + 100 ns … the last that was seen while blocked, then the look that took them all.
    expect(offered.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => at * ms + 100));
    expect(new Set(offered.slice(10))).toEqual(new Set([50 * ms]));
    expect(takenTimes(client)).toHaveLength(51);
  });

  it('blames a late pacer for its own lateness only', () => {
    const { tick, addSegment, client, tally } = laneRig();
    client.buffer = 1;
    addSegment(segment());
    tick(0);
    tick(ms);
    // The thread was held up for 20 ms while its buffer was full.
    tick(21 * ms);
    client.buffer = 1_000;
    tick(30 * ms);
    const { slip } = tally().latencies;
    expect(slip.maxNs).toBe(19 * ms);
    // Due between 2 and 15 ms and seen at 21 ms: 14 more than 5 ms late; those of 22 to 24 ms, seen at 30 ms, too.
    expect(tally().counts.offeredLate).toBe(14 + 3);
  });

  it('is in response, from the intended time, and not in service, which begins with the offer', () => {
    const { tick, addSegment, client, interval } = laneRig();
    addSegment(segment());
    tick(1_000 * ms);
    client.answerAll(1_000 * ms);
    // The thread stands still for a second; what it offers then is answered 2 ms later.
    tick(2_000 * ms);
    client.answerAll(2_002 * ms);
    const latencies = interval(1)?.latencies;
    expect(latencies?.response.maxNs).toBe(1_001 * ms);
    expect(latencies?.slip.maxNs).toBe(999 * ms);
    expect(latencies?.service.maxNs).toBe(2 * ms);
  });

  it("missed for the client's own lateness is told from missed behind a full buffer", () => {
    const late = laneRig({ maxBehindNs: 10 * ms });
    late.addSegment(segment());
    late.tick(0);
    late.client.answerAll(0);
    late.tick(101 * ms);
    expect(late.tally().counts).toMatchObject({ missed: 90, missedByClient: 90, offeredLate: 90 + 5 });
    const full = laneRig({ maxBehindNs: 10 * ms });
    full.client.buffer = 0;
    full.addSegment(segment());
    for (let at = 0; at <= 100; at++) full.tick(at * ms);
    full.lane.giveUp(100 * ms);
    expect(full.tally().counts).toMatchObject({ scheduled: 100, missed: 100, missedByClient: 0, offeredLate: 0 });
  });

  it('is not blamed while an outage of the cluster is worked off', () => {
    const { tick, addSegment, client, tally } = laneRig();
    addSegment(segment());
    for (let at = 0; at <= 1_200; at++) tick(at * ms);
    // Written at once, answered after more than a second: the cluster stood still.
    client.answer(1_200 * ms);
    tick(1_300 * ms);
    expect(tally().counts.offeredLate).toBe(0);
    expect(tally().latencies.slip.maxNs).toBe(99 * ms);
    // Those behind it have waited as long, though never on the wire; a second later it is over.
    client.answer(2_100 * ms, 'acked', { writtenNs: 2_099 * ms });
    tick(3_050 * ms);
    expect(tally().counts.offeredLate).toBe(0);
    client.answerAll(3_050 * ms, 'acked', { writtenNs: 3_049 * ms, offeredNs: Float64Array.of(3_049 * ms) });
    tick(4_200 * ms);
    expect(tally().counts.offeredLate).toBeGreaterThan(1_000);
  });

  it('drops what is older than --max-behind: scheduled and missed, never sent', () => {
    const { tick, addSegment, client, tally, told, total } = laneRig({ maxBehindNs: 10 * ms });
    client.buffer = 5;
    addSegment(segment());
    for (let at = 0; at <= 100; at++) tick(at * ms);
    client.answerAll(100.5 * ms);
    client.buffer = 1_000;
    tick(101 * ms);
    const { counts } = tally();
    expect(counts.scheduled).toBe(102);
    // The first five went out; of the rest those of the last 10 ms are young enough.
    expect(takenTimes(client)).toEqual(
      [0, 1, 2, 3, 4, ...[91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101]].map((at) => at * ms),
    );
    expect(counts.missed).toBe(102 - 5 - 11);
    expect(told.missed).toBe(counts.missed);
    expect(total('missed')).toBe(counts.missed);
    expect(total('scheduled')).toBe(102);
  });

  it('drops what a thread that stood still finds too old', () => {
    const { tick, addSegment, client, tally } = laneRig({ maxBehindNs: 30 * ms });
    addSegment(segment());
    tick(0);
    tick(second);
    expect(tally().counts).toMatchObject({ scheduled: 1_001, missed: 969 });
    expect(takenTimes(client)).toHaveLength(32);
  });
});

describe('knobs', () => {
  const knobs = (messageSizeBytes: number, lingerNs: number): ProducerKnobs => ({
    batchSizeBytes: 16_384,
    lingerNs,
    acks: 'all',
    compression: 'none',
    shape: plainShape(messageSizeBytes),
    maxInFlight: 5,
  });
  const told = (client: FakeProducer): unknown =>
    client.configured.map(({ knobs: { lingerNs, shape }, taken }) => [taken, lingerNs, shape.messageSizeBytes]);

  /** Epoch 1 begins at 50 ms, epoch 2 at 60 ms. */
  function rig() {
    const all = laneRig();
    const { addSegment, lane, table } = all;
    addSegment(segment());
    for (const [at, epoch] of [
      [50, 1],
      [60, 2],
    ] as const) {
      table.open(at * ms, epoch, 'measuring');
      addSegment(segment({ startNs: at * ms, firstMessage: at, epoch, seed: epoch }));
    }
    lane.configure({ knobs: knobs(1_000, 1), epoch: 1, atNs: 50 * ms });
    lane.configure({ knobs: knobs(4_000, 2), epoch: 2, atNs: 60 * ms });
    return all;
  }

  it('are those of the epoch of each message, from its first on', () => {
    const { tick, client } = rig();
    for (let at = 0; at < 100; at++) tick(at * ms);
    expect(told(client)).toEqual([
      [50, 1, 100],
      [50, 1, 1_000],
      [60, 2, 1_000],
      [60, 2, 4_000],
    ]);
  });

  it('of size wait for messages of earlier epochs that are late; the others do not', () => {
    const { tick, client } = rig();
    client.buffer = 20;
    for (let at = 0; at < 100; at++) tick(at * ms);
    expect(told(client)).toEqual([
      [20, 1, 100],
      [20, 2, 100],
    ]);
    client.buffer = 1_000;
    tick(100 * ms);
    expect(told(client)).toEqual([
      [20, 1, 100],
      [20, 2, 100],
      [50, 2, 1_000],
      [60, 2, 4_000],
    ]);
  });
});

describe('unthrottled', () => {
  it('is due when there is room, and only then', () => {
    const { tick, addSegment, client, tally, lane } = laneRig();
    client.buffer = 3_000;
    addSegment(segment({ rateHz: null }));
    tick(5.5);
    tick(6.5);
    expect(takenTimes(client)).toEqual(Array(3_000).fill(5));
    expect(lane.blocked).toBe(false);
    expect(tally().counts).toMatchObject({ scheduled: 3_000, missed: 0 });
    client.answer(ms);
    tick(ms);
    expect(tally().counts.scheduled).toBe(client.taken.reduce((sum, { intendedNs }) => sum + intendedNs.length, 0));
    expect(tally().latencies.slip.maxNs).toBe(1);
  });

  it('keeps to a cap, shared by its producers, and never catches up on what a full client left unused', () => {
    const { tick, addSegment, lanes, lane } = laneRig({ slots: 2, maxRateHz: 10_000 });
    const sent = (): number => lanes.reduce((sum, { client }) => sum + takenTimes(client).length, 0);
    addSegment(segment({ rateHz: null, producers: 2 }));
    for (let at = 0; at < 1_000; at++) tick(at * ms);
    expect(sent()).toBeGreaterThan(9_980);
    expect(sent()).toBeLessThanOrEqual(10_100);
    const before = sent();
    for (const { client } of lanes) client.buffer = 0;
    for (let at = 1_000; at < 3_000; at++) tick(at * ms);
    expect(sent()).toBe(before);
    expect(lane.blocked).toBe(false);
    for (const { client } of lanes) client.buffer = Number.POSITIVE_INFINITY;
    for (let at = 3_000; at < 4_000; at++) tick(at * ms);
    expect(sent() - before).toBeLessThanOrEqual(10_100);
    expect(sent() - before).toBeGreaterThan(9_980);
  });

  it('ends with its segment, and giving up misses nothing', () => {
    const { tick, addSegment, client, lane, tally, table } = laneRig();
    client.buffer = 100;
    addSegment(segment({ rateHz: null }));
    tick(0);
    table.open(second, 1, 'measuring');
    addSegment(segment({ rateHz: 10, startNs: second }));
    client.answerAll(ms);
    client.buffer = 200;
    tick(second);
    expect(takenTimes(client)).toEqual([...Array(100).fill(0), second]);
    lane.giveUp(second);
    expect(tally().counts).toMatchObject({ scheduled: 101, missed: 0 });
  });

  it('shares one limit between all producers, exactly', () => {
    for (const limit of [1, 2_047, 2_048, 5_000, 10_001]) {
      const rig = laneRig({ slots: 3, messageLimit: limit });
      const { whole } = random(limit);
      rig.addSegment(segment({ rateHz: null, producers: 3 }));
      for (let turn = 0; turn < 100; turn++) {
        for (const { client } of rig.lanes) {
          client.buffer = whole(0, 900);
          if (whole(0, 2) === 0) client.answerAll(turn * ms);
        }
        rig.tick(turn * ms);
      }
      expect(rig.tally().counts.scheduled).toBe(limit);
      expect(takenTimes(...rig.lanes.map(({ client }) => client))).toHaveLength(limit);
      expect(rig.host.claimed[0]).toBe(BigInt(limit));
    }
  });

  it('shares one limit between what had a rate and what had none, exactly', () => {
    for (const rates of [
      [1_000, null],
      [null, 1_000],
      [1_000, null, 2_000],
    ]) {
      const { tick, addSegment, lanes, tally, table } = laneRig({ slots: 2, messageLimit: 5_000 });
      const segments: Segment[] = [];
      for (const [at, rateHz] of rates.entries()) {
        const due = segments.reduce((sum, one) => sum + (one.rateHz ?? 0), 0);
        segments.push(segment({ rateHz, producers: 2, startNs: at * second, firstMessage: due, seed: at + 1 }));
      }
      for (const [at, one] of segments.entries()) {
        if (at > 0) table.open(one.startNs, at, 'measuring');
        addSegment(one);
        for (let now = one.startNs; now < one.startNs + second; now += ms) {
          for (const { client } of lanes) client.buffer = client.inFlight + 1;
          tick(now);
        }
      }
      for (const { client } of lanes) client.buffer = Number.POSITIVE_INFINITY;
      for (let now = segments.length * second; now < 20 * second; now += 100 * ms) tick(now);
      expect(tally().counts.scheduled).toBe(5_000);
      expect(takenTimes(...lanes.map(({ client }) => client))).toHaveLength(5_000);
    }
  });

  it('holds no warm-up to the limit', () => {
    const rig = laneRig({ messageLimit: 10 });
    for (const { client } of rig.lanes) client.buffer = 100;
    rig.addSegment(segment({ rateHz: null, counted: false }));
    rig.addSegment(segment({ rateHz: null, startNs: second }));
    rig.tick(0);
    expect(rig.tally().counts.scheduled).toBe(100);
    expect(rig.host.claimed[0]).toBe(0n);
    for (const { client } of rig.lanes) client.answerAll(second);
    rig.tick(second);
    expect(rig.tally().counts.scheduled).toBe(110);
  });

  it('is not sent by a slot that has no part in it', () => {
    const rig = laneRig({ slots: 2 });
    for (const { client } of rig.lanes) client.buffer = 10;
    rig.addSegment(segment({ rateHz: null, producers: 1 }));
    rig.tick(0);
    expect(rig.lanes.map(({ client }) => client.inFlight)).toEqual([10, 0]);
  });
});

describe('a change of the schedule', () => {
  /** Changes as a session makes them: known in shared memory at once, told to each lane some time after. */
  function changes(seed: number) {
    const { whole, pick } = random(seed);
    const segments: Segment[] = [];
    let before: Segment | null = null;
    let startNs = 1 * ms;
    for (let at = 0; at < 8; at++) {
      before = nextSegment(before, startNs, {
        rateHz: pick([0, 300, 1_000, 1_000, 7_777]),
        slope: whole(0, 2) > 0 ? null : { toHz: pick([0, 500, 5_000]), forNs: whole(1, 40 * ms), shape: 'linear' },
        producers: whole(1, 3),
        epoch: at,
        arrivals: 'uniform',
        limiter: 'smooth',
        seed: at,
        counted: true,
      });
      segments.push(before);
      startNs += whole(1 * ms, 120 * ms);
    }
    return { segments, endNs: startNs };
  }

  it('doubles, moves and loses no message, also where a thread hears of it late', () => {
    for (const seed of seeds) {
      const { whole } = random(seed + 100);
      const { segments, endNs } = changes(seed);
      const rig = laneRig({ slots: 3 });
      const straight = laneRig({ slots: 3 });
      for (const one of segments) {
        straight.table.open(one.startNs, one.epoch, 'measuring');
        straight.addSegment(one);
      }
      const end = nextSegment(segments.at(-1) ?? null, endNs, { ...segment(), rateHz: 0, epoch: 8 });
      const all = [...segments, end];
      const heard = [0, 0, 0];
      let opened = 0;
      for (let nowNs = 0; nowNs < endNs + 100 * ms; nowNs += whole(1, 3 * ms)) {
        while ((all[opened]?.startNs ?? Number.POSITIVE_INFINITY) <= nowNs + 20 * ms) {
          const one = all[opened++];
          if (one !== undefined) rig.table.open(one.startNs, one.epoch, 'measuring');
        }
        for (const [slot, { lane }] of rig.lanes.entries()) {
          // Word goes round in its own time, in order: up to 60 ms late.
          const lateNs = [0, 20, 60][slot] ?? 0;
          for (;;) {
            const one = all[heard[slot] ?? 0];
            if (one === undefined || one.startNs > nowNs - lateNs * ms) break;
            lane.addSegment(one);
            heard[slot] = (heard[slot] ?? 0) + 1;
          }
        }
        rig.tick(nowNs);
        if (nowNs < endNs) straight.tick(nowNs);
      }
      straight.tick(endNs - 1);
      const last = segments.at(-1) ?? segment();
      const times = takenTimes(...rig.lanes.map(({ client }) => client));
      expect(times).toEqual(takenTimes(...straight.lanes.map(({ client }) => client)));
      expect(times).toHaveLength(last.firstMessage + dueBefore(last, endNs));
      expect(rig.tally().counts.scheduled).toBe(times.length);
    }
  });

  it('stops an unthrottled producer too, before word of it has come', () => {
    const { tick, addSegment, client, table } = laneRig();
    client.buffer = 10;
    addSegment(segment({ rateHz: null }));
    table.open(5 * ms, 1, 'draining');
    tick(5 * ms);
    expect(client.taken).toEqual([]);
    tick(4 * ms);
    expect(client.inFlight).toBe(10);
  });
});

describe('accounting', () => {
  it('says how old the oldest message was when it was given up, and the oldest that was missed', () => {
    const { tick, addSegment, client, lane, tally } = laneRig();
    client.buffer = 10;
    addSegment(segment());
    for (let at = 0; at <= 20; at++) tick(at * ms);
    client.answerAll(115 * ms, 'failed');
    // The others were refused by a full buffer.
    lane.giveUp(120 * ms);
    const { failed, givenUpAfterNs, missed, missedAfterNs } = tally().counts;
    expect([failed, missed]).toEqual([10, 110]);
    expect([givenUpAfterNs, missedAfterNs]).toEqual([115 * ms, 110 * ms]);
  });

  it('books each missed message under its own interval, though pending ones stand by the partition of their key', () => {
    const keys = { kind: 'pool', prefix: 'k', count: 20, order: 'round-robin' } as const;
    const { tick, addSegment, client, lane, interval } = laneRig({ keys, partitions: 4 });
    client.buffer = 0;
    addSegment(segment());
    // The thread stood still over the end of the first second.
    tick(1_500 * ms);
    expect(lane.oldestDueNs(1_500 * ms)).toBe(0);
    lane.giveUp(1_500 * ms);
    expect(interval(0)?.counts).toMatchObject({ scheduled: 1_000, missed: 1_000 });
    expect(interval(1)?.counts.missed).toBe(interval(1)?.counts.scheduled);
  });

  it('gives every message that was due one fate: scheduled = acked + failed + unknown + missed', () => {
    for (const seed of seeds) {
      const { whole, pick } = random(seed);
      const rig = laneRig({ slots: 2, partitions: 3, maxBehindNs: 40 * ms });
      rig.addSegment(segment({ rateHz: 20_000, producers: 2 }));
      const expected: Record<Fate, number> = { acked: 0, failed: 0, unknown: 0 };
      let sent = 0;
      for (let nowNs = 0; nowNs < second; nowNs += whole(1, whole(1, 40) === 1 ? 100 * ms : 3 * ms)) {
        for (const { client } of rig.lanes) {
          client.buffer = whole(1, 4) === 1 ? 0 : 500;
          for (let answers = whole(0, 6); answers > 0 && client.open.length > 0; answers--) {
            const fate = pick<Fate>(['acked', 'acked', 'acked', 'failed', 'unknown']);
            const count = client.open[0]?.intendedNs.length ?? 0;
            expected[fate] += count;
            const written = fate !== 'failed' || whole(0, 1) === 0;
            if (written) sent += count;
            client.answer(nowNs, fate, written ? {} : { writtenNs: Number.NaN });
          }
        }
        rig.tick(nowNs);
      }
      for (const { lane, client } of rig.lanes) {
        lane.giveUp(second);
        expected.acked += client.inFlight;
        sent += client.inFlight;
        client.answerAll(second);
        expect(lane.oldestDueNs(second - 1)).toBeNaN();
      }
      const tally = rig.tally();
      const { scheduled, missed } = tally.counts;
      expect(tally.counts).toMatchObject({ ...expected, sent });
      expect(scheduled).toBe(20_000);
      expect(scheduled).toBe(expected.acked + expected.failed + expected.unknown + missed);
      expect(missed).toBeGreaterThan(0);
      expect(tally.open).toBe(0);
      expect(tally.latencies.response.count).toBe(expected.acked);
      expect(tally.latencies.service.count).toBe(expected.acked);
      // The running totals tell the same story.
      for (const field of ['scheduled', 'sent', 'acked', 'failed', 'unknown', 'missed'] as const) {
        expect(rig.total(field)).toBe(tally.counts[field]);
      }
      expect(rig.told.missed).toBe(missed);
      const givenUp = rig.lanes.flatMap(({ ledger }) => ledger.givenUp);
      for (const fate of ['failed', 'unknown'] as const) {
        const ranges = givenUp.filter((range) => range.fate === fate);
        expect(ranges.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(expected[fate]);
        const told = rig.told.failed.filter((one) => one.fate === fate);
        expect(told.reduce((sum, { messages }) => sum + messages, 0)).toBe(expected[fate]);
      }
    }
  });

  it('keeps the last acknowledged sequence number of each partition', () => {
    const { tick, addSegment, client, ledger } = laneRig({ partitions: 3 });
    client.capacity = 10;
    addSegment(segment());
    tick(59 * ms);
    const last = new Map<number, number>();
    for (const [at, run] of [...client.open].entries()) {
      const fate = at % 3 === 2 ? 'failed' : 'acked';
      if (fate === 'acked') last.set(run.partitionIndex, run.firstSequence + run.intendedNs.length - 1);
      client.answer(60 * ms, fate);
    }
    const { partitionIndexes, lastAcked, producerId } = ledger.tail();
    expect(producerId).toBe(10);
    expect(new Map(partitionIndexes.map((index, at) => [index, lastAcked[at]]))).toEqual(last);
  });

  it('tells where in the log a batch lies, once it is there', () => {
    const { client, addSegment, tick, told } = laneRig();
    addSegment(segment());
    tick(2.5 * ms);
    client.answer(3 * ms, 'acked', { baseOffset: 40 });
    tick(3.5 * ms);
    client.answer(4 * ms, 'failed', { baseOffset: -1 });
    tick(4.5 * ms);
    client.acks = 0;
    client.answer(5 * ms, 'acked', { baseOffset: -1 });
    expect(told.acked).toEqual([[0, 40, 3, 0, 2 * ms]]);
  });

  it('counts what was written again, and what a batch held', () => {
    const { tick, addSegment, client, tally, told, total } = laneRig();
    addSegment(segment());
    tick(9 * ms);
    client.retry(10 * ms, 19);
    client.retry(11 * ms, 6);
    expect(told.retried).toEqual([
      { errorCode: 19, messages: 10 },
      { errorCode: 6, messages: 10 },
    ]);
    client.answer(12 * ms, 'acked', { throttleMs: 7, writtenNs: 9.5 * ms, bytes: 350 });
    expect(tally().counts).toMatchObject({ sent: 10, acked: 10, retries: 20, batches: 1, bytesSent: 1_000 });
    // As they were written for the first time, and as they would have been without a codec.
    expect(tally().counts).toMatchObject({ wireBytesSent: 350, plainBytesSent: 1_061 });
    expect([total('wireBytesSent'), total('plainBytesSent')]).toEqual([350, 1_061]);
    expect(total('retries')).toBe(20);
    expect(total('bytesAcked')).toBe(1_000);
    expect(total('queueNs')).toBe(0.5 * ms);
    expect(total('roundTripNs')).toBe(2.5 * ms);
    expect(total('throttleMs')).toBe(7);
    expect(total('batchFill')).toBe(0.5);
    expect(total('batchRecords')).toBe(10);
  });

  it('books batches by partition and by broker, once they are acknowledged', () => {
    const { tick, addSegment, client, skew } = laneRig();
    addSegment(segment());
    tick(9 * ms);
    client.answer(12 * ms, 'acked', { brokerId: 3, writtenNs: 9.5 * ms });
    tick(19 * ms);
    client.answer(20 * ms, 'failed', { brokerId: 3 });
    tick(29 * ms);
    client.acks = 0;
    client.answer(30 * ms, 'acked', { brokerId: 0 });
    // Of the ten without an acknowledgement there is no round trip.
    expect([...skew.byPartition]).toEqual([20, 2_000, 1, 2.5 * ms]);
    const brokers: unknown[] = [];
    skew.forEachBroker((id, cells, start) => brokers.push([id, ...cells.subarray(start, start + 4)]));
    expect(brokers).toEqual([
      [3, 10, 1_000, 1, 2.5 * ms],
      [0, 10, 1_000, 0, 0],
    ]);
  });

  it('has no response or service without an answer', () => {
    const { tick, addSegment, client, tally } = laneRig();
    client.acks = 0;
    addSegment(segment());
    tick(9 * ms);
    client.answerAll(10 * ms);
    expect(tally().counts.acked).toBe(10);
    expect(tally().latencies.response.count).toBe(0);
    expect(tally().latencies.service.count).toBe(0);
    expect(tally().latencies.slip.count).toBe(10);
  });

  it('keeps at most ten thousand ranges that were given up, and counts the rest', () => {
    const { tick, addSegment, client, ledger } = laneRig();
    client.capacity = 1;
    addSegment(segment({ rateHz: 10_010 }));
    for (let at = 0; at < 1_000; at++) tick(at * ms);
    client.answerAll(second, 'unknown');
    const all = takenTimes(client).length;
    expect(ledger.givenUp).toHaveLength(Math.min(all, 10_000));
    expect(ledger.givenUpOverflow).toBe(all - ledger.givenUp.length);
    expect(all).toBe(10_000);
    tick(1_002 * ms);
    client.answerAll(second, 'failed');
    expect(ledger.givenUp).toHaveLength(10_000);
    expect(ledger.givenUpOverflow).toBe(takenTimes(client).length - 10_000);
  });
});

describe('probes', () => {
  it('have counts and sequence numbers of their own', () => {
    const { tick, addSegment, client, lane, ledger, tally, total, told } = laneRig({ partitions: 2 });
    expect(lane.probe([0, 1], 2.5)).toEqual([]);
    expect(client.flushes).toBe(1);
    expect(client.taken.map(({ producerId, firstSequence }) => [producerId, firstSequence])).toEqual([
      [probeProducerId, 0],
      [probeProducerId, 0],
    ]);
    expect([...(client.taken[0]?.intendedNs ?? [])]).toEqual([2]);
    client.answer(ms);
    client.answer(ms, 'failed');
    expect(total('probesAcked')).toBe(1);
    expect(told.failed).toEqual([]);
    expect(told.probesRefused).toMatchObject([[1, expect.any(Number)]]);
    client.buffer = 0;
    expect(lane.probe([1], ms)).toEqual([1]);
    client.buffer = 10;
    expect(lane.probe([1], ms)).toEqual([]);
    expect(client.taken.at(-1)?.firstSequence).toBe(1);
    client.answerAll(ms);
    addSegment(segment());
    tick(0);
    expect(client.taken.at(-1)).toMatchObject({ producerId: 10, firstSequence: 0 });
    expect(tally().counts).toMatchObject({ scheduled: 1, sent: 0, acked: 0, failed: 0 });
    expect(ledger.tail().partitionIndexes).toEqual([]);
  });
});
