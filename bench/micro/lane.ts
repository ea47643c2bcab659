/** What schedule, partition choice and books cost a message, with a client that takes everything at once. */
import type { Keys } from '../../source/config/plan.ts';
import { LaneLedger, type LedgerHost, producerTags } from '../../source/load/lane-ledger.ts';
import { type LaneHost, ProducerLane } from '../../source/load/producer-lane.ts';
import { TickLog } from '../../source/load/tick-log.ts';
import { UnderWay } from '../../source/load/under-way.ts';
import { createSkewBuffer, SkewFigures } from '../../source/measure/skew-figures.ts';
import { SpanCursor } from '../../source/measure/spans.ts';
import { segment } from '../../test/load/support/segment.ts';
import type { Bench, Pace } from '../bench.ts';
import { cost, type Figure } from '../figures.ts';
import { recording } from '../support/recording.ts';
import { nsPerUnit } from '../support/repeat.ts';
import { keyedShape } from '../support/shapes.ts';
import { TakingClient } from '../support/taking-client.ts';

/** So much that the intervals kept last for all rounds. */
const rateHz = 5_000_000;
const tickNs = 400_000;
const messagesPerTick = 2_000;
const partitions = Array.from({ length: 12 }, (_, partition) => ({ topic: 'bench', partition }));
/** As a batch of 64 KiB with messages of 100 B. */
const batchCapacity = 590;

function laneCost(name: string, pace: Pace, rate: number | null, keys: Keys): Figure {
  const { spans, figures, recorder } = recording(producerTags);
  const cursor = new SpanCursor(spans);
  let nowNs = 0;
  const skew = new SkewFigures(createSkewBuffer(partitions.length));
  const host: LaneHost & LedgerHost = {
    figures,
    underWay: new UnderWay(),
    skew,
    recorder,
    ticks: new TickLog(),
    partitions,
    maxBehindNs: 30e9,
    messageLimit: null,
    maxRateHz: null,
    claimed: new BigInt64Array(new SharedArrayBuffer(8)),
    offeredLateNs: 5e6,
    nowNs: () => nowNs,
    nextChangeNs: (afterNs) => cursor.nextStartNs(afterNs),
    event: () => undefined,
    failed: () => undefined,
    retried: () => undefined,
    missed: () => undefined,
    acked: () => undefined,
    probeRefused: () => undefined,
  };
  const ledger = new LaneLedger(host, 0, partitions.length);
  const client = new TakingClient(ledger, partitions.length, batchCapacity);
  const shape = { messageSizeBytes: 100, payloadEntropy: 1, keys, headers: [], stamp: 'value' } as const;
  const lane = new ProducerLane(host, { slot: 0, producerId: 0 }, shape, ledger, client);
  lane.addSegment(segment({ rateHz: rate }));
  const nsPerMessage = nsPerUnit(pace, () => {
    const before = client.taken;
    nowNs += tickNs;
    client.room = messagesPerTick;
    lane.tick(nowNs);
    return client.taken - before;
  });
  return cost(name, 'ns/msg', nsPerMessage);
}

export const laneBench: Bench = {
  name: 'micro.lane',
  needs: 'nothing',
  timeoutMs: 20_000,
  run: ({ pace }) => [
    laneCost('lane at a rate', pace, rateHz, { kind: 'none' }),
    laneCost('lane at a rate, with keys', pace, rateHz, keyedShape.keys),
    laneCost('lane unthrottled', pace, null, { kind: 'none' }),
  ],
};
