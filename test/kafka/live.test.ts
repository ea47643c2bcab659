import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeHistogram, percentileNs } from '../../source/analysis/latency-summary.ts';
import { waitUntil } from '../support/wait-until.ts';
import { kafkaAvailable } from './harness/jars.ts';
import { RealKafka } from './harness/kafka.ts';
import { expectDone, Loadtui } from './harness/loadtui.ts';

const lightly = [
  ...['--preset', 'latency', '--acks', 'all', '--rate', '2000', '--warm-up', '1s'],
  ...['--no-achieved-gate', '--slo', 'none'],
];

const line = z.looseObject({ type: z.string() });
const interval = z.looseObject({
  type: z.literal('interval'),
  phase: z.string(),
  epoch: z.number(),
  ackedRate: z.number(),
  inFlight: z.number(),
  lagMessages: z.number().nullable(),
});

/** The interval of a line of NDJSON; null: it is something else. */
function intervalOf(text: string): z.infer<typeof interval> | null {
  const parsed = line.parse(JSON.parse(text));
  return parsed.type === 'interval' ? interval.parse(parsed) : null;
}

async function startOn(
  kafka: RealKafka,
  topic: string,
  partitions: number,
  ...args: readonly string[]
): Promise<Loadtui> {
  await kafka.tools.createTopic(topic, partitions);
  return Loadtui.start(
    ...['--brokers', kafka.bootstrap, '--topic', topic, ...lightly, '--json', '--commands', '-'],
    ...['--duration', '0', '--save', 'end.json', ...args],
  );
}

/** Waits until it measures; hands back the place in its lines. */
function measuring(loadtui: Loadtui): Promise<number> {
  return loadtui.waitForLine('it measures', (text) => intervalOf(text)?.phase === 'measuring');
}

const available = kafkaAvailable();

describe.runIf(available)('a run that is steered while it is on', () => {
  let kafka: RealKafka;
  let loadtui: Loadtui;

  beforeAll(async () => {
    kafka = await RealKafka.start();
  });

  afterAll(async () => {
    await kafka?.stop();
  });

  afterEach(async () => {
    await loadtui?.close();
  });

  const start = async (topic: string, partitions: number, ...args: readonly string[]): Promise<number> => {
    loadtui = await startOn(kafka, topic, partitions, ...args);
    return measuring(loadtui);
  };

  /** Waits until an interval of that epoch, with messages acknowledged, is out; hands back the place after it. */
  const epochRuns = (epoch: number, from: number): Promise<number> =>
    loadtui.waitForLine(
      `epoch ${epoch} runs`,
      (text) => {
        const found = intervalOf(text);
        return found !== null && found.epoch >= epoch && found.ackedRate > 0;
      },
      from,
    );

  it('takes every knob live, an epoch each, and loses nothing', async () => {
    let at = await start('knobs', 4);
    const changes = [
      [':rate 3k', 'rate', 3000],
      [':linger 20ms', 'lingerMs', 20],
      [':batch-size 32KiB', 'batchSize', 32_768],
      [':message-size 512', 'messageSize', 512],
      [':producers 4', 'producers', 4],
      [':consumers 3', 'consumers', 3],
      [':acks 1', 'acks', 1],
      [':acks all', 'acks', 'all'],
      [':producers 1', 'producers', 1],
      [':consumers 1', 'consumers', 1],
    ] as const;
    for (const [index, [command]] of changes.entries()) {
      loadtui.command(command);
      at = await epochRuns(index + 1, at);
    }
    loadtui.command(':quit');
    expectDone(await loadtui.finished());

    const { epochs, totals, wholeRun } = await loadtui.document('end.json');
    expect(epochs).toHaveLength(changes.length + 1);
    for (const [index, [, knob, value]] of changes.entries()) {
      expect(epochs[index + 1]?.knobs[knob], `${knob} in epoch ${index + 1}`).toEqual({
        requested: value,
        applied: value,
      });
    }
    expect(totals).toMatchObject({ failed: 0, unknown: 0, missed: 0, missing: 0, duplicated: 0, reordered: 0 });
    expect(totals.acked).toBe(totals.scheduled);
    expect(await kafka.tools.logEnd('knobs')).toBe(wholeRun.acked + wholeRun.probes);
  });

  it('commits what ConsumerGroupCommand then tells of lag', async () => {
    const at = await start('lagging', 3, '--group', 'lag-of-two-minds');
    loadtui.command(':pause consumers');
    await loadtui.waitForLine('lag grows', (text) => /"lagMessages":[1-9]\d{3}/.test(text), at);
    loadtui.command(':pause');
    await loadtui.waitForLine('the load rests', (text) => intervalOf(text)?.ackedRate === 0, at);

    const saved = await waitUntil(
      'a snapshot with lag since the pause',
      async () => {
        loadtui.command(':save lag.json --force');
        const { lag } = await loadtui.document('lag.json');
        const lastMs = Math.max(...lag.map((row) => row.timeMs));
        const rows = lag.filter((row) => row.timeMs === lastMs);
        const behind = rows.reduce((sum, row) => sum + (row.committedLag ?? 0), 0);
        const { rows: groupRows, total } = await groupLag('lag-of-two-minds');
        return behind === total && total > 0 ? { rows, groupRows } : undefined;
      },
      { timeoutMs: 30_000, everyMs: 1000 },
    );
    for (const row of saved.rows) {
      const other = saved.groupRows.find((candidate) => candidate.partition === row.partition);
      expect(other).toMatchObject({
        topic: 'lagging',
        currentOffset: row.committedOffset,
        logEndOffset: row.logEndOffset,
        lag: row.committedLag,
      });
    }

    loadtui.command(':resume consumers');
    loadtui.command(':resume');
    loadtui.command(':quit');
    expectDone(await loadtui.finished());
    const { totals, wholeRun } = await loadtui.document('end.json');
    expect(totals).toMatchObject({ missing: 0, duplicated: 0, reordered: 0 });
    expect(await kafka.tools.logEnd('lagging')).toBe(wholeRun.acked + wholeRun.probes);
  });

  const groupLag = async (group: string) => {
    const rows = await kafka.tools.describeGroup(group);
    return { rows, total: rows.reduce((sum, row) => sum + (row.lag ?? 0), 0) };
  };

  it('counts a frozen broker into the response of every message that was due', async () => {
    let at = await start('frozen', 1);
    const heldFrom = performance.now();
    kafka.freeze();
    try {
      await loadtui.waitForLine('nothing is acknowledged', (text) => intervalOf(text)?.ackedRate === 0, at);
      at = await loadtui.waitForLine('lag is not known', (text) => text.includes('no answer about offsets'), at);
      await loadtui.waitForLine('no lag is shown', (text) => intervalOf(text)?.lagMessages === null, at);
      await waitUntil('three seconds', () => (performance.now() - heldFrom >= 3000 ? true : undefined), {
        timeoutMs: 30_000,
      });
    } finally {
      kafka.thaw();
    }
    const heldMs = performance.now() - heldFrom;
    at = await loadtui.waitForLine('lag is known', (text) => text.includes('offsets are answered again'), at);
    await loadtui.waitForLine('it goes on', (text) => (intervalOf(text)?.ackedRate ?? 0) > 2500, at);
    await loadtui.waitForLine(
      'what was due meanwhile is answered and read',
      (text) => {
        const row = intervalOf(text);
        return row !== null && row.inFlight < 500 && row.lagMessages !== null && row.lagMessages < 500;
      },
      at,
    );
    loadtui.command(':quit');
    expectDone(await loadtui.finished());

    const { totals, latency, intervals, wholeRun } = await loadtui.document('end.json');
    expect(totals).toMatchObject({ failed: 0, unknown: 0, missed: 0, missing: 0, duplicated: 0, reordered: 0 });
    expect(totals.acked).toBe(totals.scheduled);
    // 2,000 messages were due in every second of it, and nothing moved the schedule.
    expect(Math.max(...intervals.map(({ inFlight }) => inFlight))).toBeGreaterThan(2 * 2000);
    for (const { phase, scheduled, durationMs } of intervals) {
      if (phase === 'measuring') expect(Math.abs(scheduled - 2 * durationMs)).toBeLessThanOrEqual(2);
    }
    expect(latency.response.maxMs).toBeGreaterThan(heldMs * 0.9);
    const response = decodeHistogram(latency.response.hdr);
    expect(percentileNs(response, 99.9)).toBeGreaterThan(heldMs * 0.9e6);
    // Waits were of every length between none and all of it.
    const frozenShare = (heldMs * 2) / totals.scheduled;
    expect(percentileNs(response, 100 - 50 * frozenShare)).toBeGreaterThan(heldMs * 0.3e6);
    expect(await kafka.tools.logEnd('frozen')).toBe(wholeRun.acked + wholeRun.probes);
  });
});

describe.runIf(available)('a run whose broker is killed', () => {
  let kafka: RealKafka;
  let loadtui: Loadtui;

  beforeAll(async () => {
    kafka = await RealKafka.start({ shortSession: true });
  });

  afterAll(async () => {
    await loadtui?.close();
    await kafka?.stop();
  });

  it('neither loses nor repeats a message over the kill of a broker', async () => {
    loadtui = await startOn(kafka, 'killed', 2);
    const at = await measuring(loadtui);
    await kafka.kill();
    await kafka.restart();
    await loadtui.waitForLine('it goes on', (text) => (intervalOf(text)?.ackedRate ?? 0) > 2500, at);
    loadtui.command(':quit');
    expectDone(await loadtui.finished());

    const { totals, wholeRun, events } = await loadtui.document('end.json');
    expect(totals).toMatchObject({ failed: 0, unknown: 0, missed: 0, missing: 0, duplicated: 0, reordered: 0 });
    expect(totals.acked).toBe(totals.scheduled);
    expect(totals.consumed).toBe(totals.acked);
    expect(wholeRun.consumed).toBe(wholeRun.acked);
    expect(wholeRun.logEndGrowth).toBe(wholeRun.acked + wholeRun.probes);
    expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(['disconnect', 'reconnect']));
    expect(await kafka.tools.logEnd('killed')).toBe(wholeRun.acked + wholeRun.probes);
  });
});
