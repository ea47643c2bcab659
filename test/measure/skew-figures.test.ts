import { describe, expect, it } from 'vitest';
import { createSkewBuffer, mostBrokers, SkewFigures } from '../../source/measure/skew-figures.ts';

describe('SkewFigures', () => {
  it('shows the reader what the writer noted, by partition and by broker', () => {
    const shared = createSkewBuffer(3);
    const writer = new SkewFigures(shared);
    const reader = new SkewFigures(shared);
    writer.note(2, 7, 10, 1_000, 5e6);
    writer.note(2, 7, 5, 500, 3e6);
    writer.note(0, 0, 1, 100, Number.NaN);
    expect([...reader.byPartition]).toEqual([1, 100, 0, 0, 0, 0, 0, 0, 15, 1_500, 2, 8e6]);
    const brokers: (readonly number[])[] = [];
    reader.forEachBroker((id, cells, start) => brokers.push([id, ...cells.subarray(start, start + 4)]));
    expect(brokers).toEqual([
      [7, 15, 1_500, 2, 8e6],
      [0, 1, 100, 0, 0],
    ]);
  });

  it('knows so many brokers, and partitions of all others', () => {
    const figures = new SkewFigures(createSkewBuffer(1));
    for (let id = 0; id < mostBrokers + 5; id++) figures.note(0, id, 1, 1, 1);
    figures.note(0, -1, 1, 1, 1);
    let brokers = 0;
    figures.forEachBroker(() => brokers++);
    expect(brokers).toBe(mostBrokers);
    expect(figures.byPartition[0]).toBe(mostBrokers + 6);
  });
});
