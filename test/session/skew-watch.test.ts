import { describe, expect, it } from 'vitest';
import { createSkewBuffer, SkewFigures } from '../../source/measure/skew-figures.ts';
import { SkewWatch } from '../../source/session/skew-watch.ts';

const table = [0, 1, 2].map((partition) => ({ topic: 't', partition }));

function watched() {
  const watch = new SkewWatch();
  const threads = [0, 1].map(() => {
    const buffer = createSkewBuffer(table.length);
    watch.addThread(buffer, table);
    return new SkewFigures(buffer);
  });
  const [one, two] = threads;
  if (one === undefined || two === undefined) throw new Error('two threads');
  return { watch, one, two };
}

describe('SkewWatch', () => {
  it('has nothing to say before there are figures', () => {
    const { watch } = watched();
    expect(watch.view()).toMatchObject({ partitions: [], brokers: [], maxOverMean: null });
    watch.tick(0);
    expect(watch.view().partitions).toEqual([]);
    expect(watch.partitionSkew).toBeNull();
    expect(new SkewWatch().document()).toBeNull();
  });

  it('adds threads up and shows the last ten seconds', () => {
    const { watch, one, two } = watched();
    // Long ago; what happened then is in the document alone.
    one.note(0, 9, 1_000_000, 1, 9e9);
    for (let second = 0; second <= 30; second++) {
      watch.tick(second * 1e9);
      one.note(2, 1, 30, 3_000, 1e6);
      two.note(2, 1, 30, 3_000, 3e6);
      two.note(1, 2, 30, 3_000, 8e6);
    }
    const view = watch.view();
    expect(view.windowS).toBe(10);
    expect(view.partitions).toEqual([
      { ...table[2], messageRate: 60, bytesRate: 6_000, roundTripMs: 2 },
      { ...table[1], messageRate: 30, bytesRate: 3_000, roundTripMs: 8 },
      { ...table[0], messageRate: 0, bytesRate: 0, roundTripMs: null },
    ]);
    expect(view.brokers).toEqual([
      { brokerId: 2, messageRate: 30, bytesRate: 3_000, roundTripMs: 8 },
      { brokerId: 1, messageRate: 60, bytesRate: 6_000, roundTripMs: 2 },
      { brokerId: 9, messageRate: 0, bytesRate: 0, roundTripMs: null },
    ]);
    expect(view).toMatchObject({ maxOverMean: 2, slowestOverMedian: 4 });
    expect(watch.partitionSkew).toMatchObject({ topic: 't', partition: 2, maxOverMean: 2, atLeast: 2 });
    const document = watch.document();
    expect(document?.partitions.map(({ partition }) => partition)).toEqual([0, 2, 1]);
    expect(document?.partitions[1]).toEqual({ ...table[2], acked: 31 * 60, bytes: 31 * 6_000, roundTripMs: 2 });
    expect(document?.brokers.map(({ id, roundTripMs }) => [id, roundTripMs])).toEqual([
      [1, 2],
      [2, 8],
      [9, 9_000],
    ]);
  });
});
