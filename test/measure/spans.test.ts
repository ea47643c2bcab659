import { describe, expect, it } from 'vitest';
import { createSpanBuffer, SpanCursor, type SpanPhase, SpanTable, spanCapacity } from '../../source/measure/spans.ts';
import { random, seeds } from './support/random.ts';

const second = 1e9;

function tableOf(spans: readonly (readonly [startNs: number, epoch: number, phase: SpanPhase])[]) {
  const buffer = createSpanBuffer();
  const table = new SpanTable(buffer);
  for (const [startNs, epoch, phase] of spans) table.open(startNs, epoch, phase);
  return { buffer, table, cursor: new SpanCursor(buffer) };
}

/** 0–2.5 s before, 2.5–5.5 s warm-up, 5.5–5.6 s measuring, then epoch 1. */
const sample = [
  [0, 0, 'before'],
  [2.5 * second, 0, 'warm-up'],
  [5.5 * second, 0, 'measuring'],
  [5.6 * second, 1, 'measuring'],
] as const;

describe('intervals of spans', () => {
  it.each([
    ['before the first', -5 * second, 0],
    ['at the start', 0, 0],
    ['in the second second', second, 1],
    ['in a second cut short', 2.4 * second, 2],
    ['at the edge of two spans', 2.5 * second, 3],
    ['a nanosecond before it', 2.5 * second - 1, 2],
    ['in the last whole second of a span', 5.5 * second - 1, 5],
    ['where a span ends on a second', 5.5 * second, 6],
    ['within a span shorter than a second', 5.55 * second, 6],
    ['in the open span', 5.6 * second, 7],
    ['far into the open span', 105.6 * second, 107],
  ])('%s', (_, timeNs, interval) => {
    const { table, cursor } = tableOf(sample);
    expect(table.intervalAt(timeNs)).toBe(interval);
    expect(cursor.locate(timeNs)).toBe(interval);
  });

  it('lie where the table says', () => {
    const { table } = tableOf(sample);
    const lies = (interval: number) => {
      const { span, startNs, endNs } = table.describe(interval);
      return [span.phase, span.epoch, startNs / second, endNs / second];
    };
    expect(lies(0)).toEqual(['before', 0, 0, 1]);
    expect(lies(2)).toEqual(['before', 0, 2, 2.5]);
    expect(lies(3)).toEqual(['warm-up', 0, 2.5, 3.5]);
    expect(lies(6)).toEqual(['measuring', 0, 5.5, 5.6]);
    expect(lies(7)).toEqual(['measuring', 1, 5.6, 6.6]);
    expect(lies(8)).toEqual(['measuring', 1, 6.6, 7.6]);
  });

  it('are as long as their span says', () => {
    const { buffer, table } = tableOf([[0, 0, 'before']]);
    table.open(2 * second, 1, 'measuring', second / 2);
    table.open(4.25 * second, 2, 'measuring');
    const cursor = new SpanCursor(buffer);
    const times = [1.5, 2, 2.49, 2.5, 4.1, 4.25, 5.3].map((time) => time * second);
    expect(times.map((timeNs) => table.intervalAt(timeNs))).toEqual([1, 2, 2, 3, 6, 7, 8]);
    expect(times.map((timeNs) => cursor.locate(timeNs))).toEqual([1, 2, 2, 3, 6, 7, 8]);
    expect(table.describe(3)).toMatchObject({ startNs: 2.5 * second, endNs: 3 * second });
    expect(table.describe(6)).toMatchObject({ startNs: 4 * second, endNs: 4.25 * second });
  });

  it('are the same for a thread as for main, and every time lies in its own', () => {
    for (const seed of seeds) {
      const { whole } = random(seed);
      const { buffer, table } = tableOf([[0, 0, 'before']]);
      const cursor = new SpanCursor(buffer);
      let endNs = 0;
      let lastInterval = 0;
      for (let epoch = 1; epoch <= 40; epoch++) {
        endNs += whole(1, 5) === 1 ? whole(1, 5) * second : whole(1e6, 4 * second);
        table.open(endNs, epoch, 'measuring');
      }
      for (let timeNs = 0; timeNs < endNs + 3 * second; timeNs += whole(1, 0.3 * second)) {
        const interval = cursor.locate(timeNs);
        expect(interval).toBe(table.intervalAt(timeNs));
        const described = table.describe(interval);
        expect(described.startNs).toBeLessThanOrEqual(timeNs);
        expect(described.endNs).toBeGreaterThan(timeNs);
        expect(cursor.fromNs).toBeLessThanOrEqual(timeNs);
        expect(cursor.toNs).toBe(described.endNs);
        // Numbered through: no time lies in an interval before that of an earlier time, and none is left out for long.
        expect(interval).toBeGreaterThanOrEqual(lastInterval);
        lastInterval = interval;
      }
    }
  });
});

describe('SpanTable', () => {
  it('refuses a span that does not start after the last', () => {
    const { table } = tableOf(sample);
    expect(() => table.open(5.6 * second, 2, 'measuring')).toThrow(RangeError);
    expect(table.spans).toHaveLength(4);
  });

  it('has no last span before one is open', () => {
    expect(() => new SpanTable(createSpanBuffer()).last).toThrow(RangeError);
  });

  it('goes on in its last span when full', () => {
    const buffer = createSpanBuffer();
    const table = new SpanTable(buffer);
    for (let at = 0; at < spanCapacity; at++) expect(table.open(at * 1e6, at, 'measuring')).not.toBeNull();
    expect(table.open(spanCapacity * 1e6, 9, 'draining')).toBeNull();
    expect(table.last.epoch).toBe(spanCapacity - 1);
    expect(new SpanCursor(buffer).locate(spanCapacity * 1e6)).toBe(table.last.firstInterval);
  });
});

describe('SpanCursor', () => {
  it('sees a span that is opened after its last look, also within the interval it remembers', () => {
    const { table, cursor } = tableOf([[0, 0, 'measuring']]);
    expect(cursor.locate(0.5 * second)).toBe(0);
    expect(cursor.stale).toBe(false);
    table.open(0.6 * second, 1, 'measuring');
    expect(cursor.stale).toBe(true);
    expect(cursor.locate(0.5 * second)).toBe(0);
    expect(cursor.toNs).toBe(0.6 * second);
    expect(cursor.locate(0.7 * second)).toBe(1);
    expect(cursor.stale).toBe(false);
  });

  it('finds earlier times again', () => {
    const { cursor } = tableOf(sample);
    expect(cursor.locate(100 * second)).toBe(7 + 94);
    expect(cursor.locate(1.5 * second)).toBe(1);
    expect(cursor.locate(-1)).toBe(0);
    expect(cursor.fromNs).toBe(Number.NEGATIVE_INFINITY);
  });

  it.each([
    ['before all', -1, 0],
    ['at the start of the first', 0, 2.5 * second],
    ['a nanosecond before a start', 2.5 * second - 1, 2.5 * second],
    ['at a start', 2.5 * second, 5.5 * second],
    ['between two that lie close', 5.55 * second, 5.6 * second],
    ['in the last', 5.6 * second, Number.POSITIVE_INFINITY],
  ])('knows the next start: %s', (_, timeNs, startNs) => {
    expect(tableOf(sample).cursor.nextStartNs(timeNs)).toBe(startNs);
  });
});
