import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProducerKnobs } from '../../source/clients/types.ts';
import { openCluster } from '../../source/cluster/cluster.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { producerTags } from '../../source/load/lane-ledger.ts';
import { AckedOffsets, createAckedOffsets } from '../../source/measure/acked-offsets.ts';
import { takeAnchor } from '../../source/measure/clock.ts';
import { createFiguresBuffer, Figures, type TotalField, totalAt } from '../../source/measure/figures.ts';
import { IntendedTimes } from '../../source/measure/intended-times.ts';
import { createSkewBuffer, SkewFigures } from '../../source/measure/skew-figures.ts';
import { createSpanBuffer, SpanTable } from '../../source/measure/spans.ts';
import { startSandboxHere } from '../../source/sandbox/server.ts';
import { LoadThread } from '../../source/session/load-thread.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { waitUntil } from '../support/wait-until.ts';
import { segment } from './support/segment.ts';

const { tuning } = defaultPlan;
const knobs: ProducerKnobs = {
  batchSizeBytes: 16_384,
  lingerNs: 0,
  acks: 'all',
  compression: 'none',
  maxInFlight: 5,
  shape: { messageSizeBytes: 100, payloadEntropy: 1, keys: { kind: 'none' }, headers: [], stamp: 'value' },
};

/** A real producer thread that writes to a sandbox. */
async function startThread() {
  const sandbox = await startSandboxHere();
  const bootstrap = sandbox.brokers.map(({ host, port }) => `${host}:${port}`);
  const cluster = openCluster({ brokers: bootstrap, clientId: 'test', security: plaintext, tuning });
  await cluster.connect(5_000);
  await cluster.createTopics([{ name: 't', partitions: 2, replicationFactor: 1, config: {} }]);
  await cluster.close();
  const anchor = takeAnchor();
  const spans = createSpanBuffer();
  new SpanTable(spans).open(0, 0, 'measuring');
  const shared = createFiguresBuffer(producerTags);
  const acked = createAckedOffsets(2, 2);
  const skew = createSkewBuffer(2);
  const thread = new LoadThread(
    {
      role: 'producers',
      thread: 0,
      client: 'wire',
      security: plaintext,
      bootstrap,
      tuning,
      partitions: [0, 1].map((partition) => ({ topic: 't', partition })),
      stamp: { runId: '0123456789abcdef', epochZeroHigh: anchor.epochZeroHigh, epochZeroLow: anchor.epochZeroLow },
      anchor,
      spans,
      figures: shared,
      knobs,
      pacing: 'timer',
      maxBehindNs: 30e9,
      maxRateHz: null,
      offeredLateNs: 5e6,
      messageLimit: 200,
      claimed: new SharedArrayBuffer(8),
      acked: { table: acked, row: 1 },
      skew,
    },
    { report: () => undefined, died: () => undefined },
  );
  onTestFinished(async () => {
    await thread.stop();
    await sandbox.close();
  });
  await thread.ready;
  const figures = new Figures(shared);
  const acknowledged = new AckedOffsets(acked);
  return {
    thread,
    skew: new SkewFigures(skew),
    acknowledged,
    total: (field: TotalField) => figures.totals[totalAt[field]] ?? 0,
  };
}

describe('a producer thread', () => {
  it.each(['all', 1] as const)(
    'sends what is due and says to the end what kind of producers it had, at acks=%s',
    async (acks) => {
      const { thread, acknowledged: places, skew, total } = await startThread();
      await thread.order({ kind: 'producer-knobs', change: { knobs: { ...knobs, acks }, epoch: 0, atNs: 0 } });
      const lanes = [0, 1, 2].map((slot) => ({ slot, producerId: slot }));
      await thread.order({ kind: 'open-lanes', lanes });
      await thread.order({ kind: 'segment', segment: segment({ rateHz: 2_000, producers: 3 }) });
      await waitUntil('all 200 are acknowledged', () => total('acked') === 200 || undefined, {
        timeoutMs: 10_000,
        everyMs: 5,
        describe: () => `acked ${total('acked')}`,
      });
      const answer = await thread.order({ kind: 'finish-producers', waitMs: 5_000 });
      expect(total('notIdempotent')).toBe(acks === 'all' ? 0 : 1);
      expect([total('scheduled'), total('sent'), total('missed'), total('inFlight')]).toEqual([200, 200, 0, 0]);
      if (answer.kind !== 'finished') throw new Error('finishing is answered by what is finished');
      const acknowledged = answer.tails.flatMap(({ lastAcked }) => lastAcked.map((last) => last + 1));
      expect(acknowledged.reduce((sum, count) => sum + count, 0)).toBe(200);
      expect(answer.tails.map(({ producerId }) => producerId).sort()).toEqual([0, 1, 2]);
      const times = new IntendedTimes(10);
      places.copyTo(times, 0);
      expect(times.at(0), 'where its last batch lies').toBeGreaterThan(0);
      const [one, two] = [skew.byPartition.subarray(0, 4), skew.byPartition.subarray(4)];
      expect((one[0] ?? 0) + (two[0] ?? 0), 'messages by partition').toBe(200);
      skew.forEachBroker((_id, cells, start) => expect(cells[start]).toBe(200));
      expect(answer).toMatchObject({ givenUp: [], givenUpOverflow: 0 });
    },
  );

  it('gives a producer that begins the knobs in force, and those to come when their epoch begins', async () => {
    const { thread, total } = await startThread();
    const large = { ...knobs, shape: { ...knobs.shape, messageSizeBytes: 1_000 } };
    await thread.order({ kind: 'producer-knobs', change: { knobs: large, epoch: 1, atNs: 3_600e9 } });
    await thread.order({ kind: 'segment', segment: segment({ rateHz: 2_000 }) });
    await thread.order({ kind: 'open-lanes', lanes: [{ slot: 0, producerId: 0 }] });
    await waitUntil('all 200 are acknowledged', () => total('acked') === 200 || undefined, {
      timeoutMs: 10_000,
      everyMs: 5,
      describe: () => `acked ${total('acked')}`,
    });
    expect(total('bytesAcked')).toBe(200 * knobs.shape.messageSizeBytes);
  });

  it('refuses what is for consumers', async () => {
    const { thread } = await startThread();
    await expect(thread.order({ kind: 'account' })).rejects.toMatchObject({ code: 'BUG' });
  });
});
