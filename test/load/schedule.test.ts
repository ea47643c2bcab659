import { describe, expect, it } from 'vitest';
import { readIntendedNs, stampBytes, writeStamp } from '../../source/clients/stamp.ts';
import {
  ArrivalCursor,
  dueBefore,
  intendedNsOf,
  nextSegment,
  rateAfter,
  type Segment,
  type Slope,
  seededUniform,
} from '../../source/load/schedule.ts';
import { takeAnchor } from '../../source/measure/clock.ts';
import { createSpanBuffer, SpanCursor, SpanTable } from '../../source/measure/spans.ts';
import { type Random, random, seeds } from '../measure/support/random.ts';
import { segment } from './support/segment.ts';

const second = 1e9;

/** What one slot has up to `endNs`: intended times and numbers. */
function walk(segments: readonly Segment[], slot: number, endNs: number, limit: number | null = null) {
  const cursor = new ArrivalCursor(slot, limit);
  for (const one of segments) cursor.add(one);
  const times: number[] = [];
  const numbers: number[] = [];
  cursor.pass(endNs);
  while (cursor.nextNs < endNs) {
    times.push(cursor.nextNs);
    numbers.push(cursor.nextMessage);
    cursor.advance();
    cursor.pass(endNs);
  }
  return { times, numbers };
}

function walkAll(segments: readonly Segment[], endNs: number, limit: number | null = null) {
  const slots = Math.max(...segments.map(({ producers }) => producers));
  const walks = Array.from({ length: slots }, (_, slot) => walk(segments, slot, endNs, limit));
  return {
    times: walks.flatMap(({ times }) => times).sort((a, b) => a - b),
    numbers: walks.flatMap(({ numbers }) => numbers).sort((a, b) => a - b),
  };
}

/** Every third rate moves. */
function randomSlope({ whole, pick, next }: Random, rates: readonly [number, ...number[]]): Slope | null {
  if (whole(0, 2) > 0) return null;
  return { toHz: pick(rates) * next(), forNs: whole(1, 3e9), shape: 'linear' };
}

/** A session's worth of changes: rates of every size, silence, and the number of producers. */
function randomSegments(
  { whole, pick, next }: Random,
  count: number,
  rates: readonly [number, ...number[]],
  flavour: Pick<Segment, 'arrivals' | 'limiter'> = { arrivals: 'uniform', limiter: 'smooth' },
): Segment[] {
  const segments: Segment[] = [];
  let startNs = whole(0, 1_000);
  let before: Segment | null = null;
  for (let i = 0; i < count; i++) {
    before = nextSegment(before, startNs, {
      rateHz: pick(rates) * (whole(0, 3) === 0 ? 1 : next()),
      slope: randomSlope({ whole, pick, next }, rates),
      producers: whole(1, 5),
      epoch: i,
      ...flavour,
      seed: i,
      counted: true,
    });
    segments.push(before);
    startNs += whole(1, whole(0, 2) === 0 ? 3_000_000 : 400_000_000);
  }
  return segments;
}

describe('a segment', () => {
  it.each([
    ['the first message is due at the start', segment(), 0, 0],
    ['the next ones follow at the rate', segment(), 5, 5e6],
    ['it starts where it says', segment({ startNs: 7 }), 1, 1e6 + 7],
    ['what was half due comes after the other half', segment({ carry: 0.5, rateHz: 10 }), 0, 0.05e9],
    ['nothing was due', segment({ carry: Number.EPSILON, rateHz: 10 }), 0, 0.1e9],
    ['a slow rate', segment({ rateHz: 0.1 }), 3, 30e9],
    ['a fast one', segment({ rateHz: 3e6 }), 2, 667],
    ['a time that has no exact double', segment(), 29, 29e6],
  ])('%s', (_, one, index, expected) => {
    expect(intendedNsOf(one, one.rateHz ?? 0, index)).toBe(expected);
  });

  it.each([
    ['nothing before its start', segment({ startNs: 100 }), 100, 0],
    ['nor before that', segment({ startNs: 100 }), 50, 0],
    ['the first a nanosecond later', segment({ startNs: 100 }), 101, 1],
    ['a message due at the end is not before it', segment(), second, 1_000],
    ['one more with it', segment(), second + 1, 1_001],
    ['no rate', segment({ rateHz: 0 }), 1e15, 0],
    ['unthrottled', segment({ rateHz: null }), 1e15, 0],
    ['a day at 1,000,000/s', segment({ rateHz: 1e6 }), 86_400 * second, 86_400e6],
  ])('%s', (_, one, endNs, expected) => {
    expect(dueBefore(one, endNs)).toBe(expected);
  });
});

describe('the schedule', () => {
  it('is N(t) = ∫ rate dt', () => {
    for (const seed of seeds) {
      const source = random(seed);
      const segments = randomSegments(source, 12, [0, 1, 10, 1_000, 30_000]);
      const endNs = (segments.at(-1)?.startNs ?? 0) + source.whole(1, 1_000_000_000);
      let integral = 0;
      for (const [at, { startNs, rateHz, slope }] of segments.entries()) {
        const seconds = ((segments[at + 1]?.startNs ?? endNs) - startNs) / 1e9;
        if (slope === null) integral += seconds * (rateHz ?? 0);
        else {
          // A trapezium up to where it has arrived, or is cut off.
          const sloping = Math.min(seconds, slope.forNs / 1e9);
          const reached = (rateHz ?? 0) + ((slope.toHz - (rateHz ?? 0)) * sloping * 1e9) / slope.forNs;
          integral += (sloping * ((rateHz ?? 0) + reached)) / 2 + (seconds - sloping) * slope.toHz;
        }
      }
      // The first message is due at once.
      expect(Math.abs(walkAll(segments, endNs).times.length - 1 - integral)).toBeLessThanOrEqual(1.001);
    }
  });

  it('grows by the same factor in the same time where it is geometric, up or down', () => {
    for (const [fromHz, toHz] of [
      [100, 10_000],
      [10_000, 100],
      [500, 500],
    ] as const) {
      const ramp = segment({ rateHz: fromHz, slope: { toHz, forNs: 10 * second, shape: 'geometric' } });
      expect(rateAfter(ramp, fromHz, 5 * second)).toBeCloseTo(Math.sqrt(fromHz * toHz), 6);
      expect(rateAfter(ramp, fromHz, 20 * second)).toBe(toHz);
      const mean = fromHz === toHz ? fromHz : (toHz - fromHz) / Math.log(toHz / fromHz);
      const { times } = walkAll([ramp], 12 * second);
      expect(Math.abs(times.length - 1 - (10 * mean + 2 * toHz))).toBeLessThanOrEqual(1.001);
      const within = times.filter((timeNs) => timeNs >= 4.9 * second && timeNs < 5.1 * second).length;
      expect(within / 0.2 / Math.sqrt(fromHz * toHz)).toBeCloseTo(1, 1);
    }
  });

  it('draws arrivals of a slope with its integral as their mean', () => {
    const ramp = segment({
      rateHz: 0,
      slope: { toHz: 2_000, forNs: 20 * second, shape: 'linear' },
      arrivals: 'poisson',
      producers: 2,
    });
    const { times } = walkAll([ramp], 20 * second);
    // 20,000 expected, ± 5 standard deviations; a quarter of them in the first half.
    expect(Math.abs(times.length - 20_000)).toBeLessThan(710);
    expect(Math.abs(times.filter((timeNs) => timeNs < 10 * second).length - 5_000)).toBeLessThan(360);
  });

  it('shares out what is due: all slots together have what `dueBefore` says, each message once', () => {
    for (const seed of seeds) {
      const source = random(seed);
      const segments = randomSegments(source, 15, [0, 1, 10, 1_000, 30_000]);
      const last = segments.at(-1) ?? segment();
      const endNs = last.startNs + source.whole(1, 1_000_000_000);
      const due = last.firstMessage + dueBefore(last, endNs);
      const { times, numbers } = walkAll(segments, endNs);
      expect(times).toHaveLength(due);
      expect(numbers).toEqual(Array.from({ length: due }, (_, number) => number));
    }
  });

  it.each([
    ['uniform', 'smooth'],
    ['uniform', 'bursty'],
    ['poisson', 'smooth'],
    ['poisson', 'bursty'],
  ] as const)('moves no time that came before a change: %s, %s', (arrivals, limiter) => {
    for (const seed of seeds) {
      const source = random(seed);
      const segments = randomSegments(source, 8, [0, 10, 1_000, 30_000], { arrivals, limiter });
      for (let known = 1; known < segments.length; known++) {
        const changeNs = segments[known]?.startNs ?? 0;
        const before = walkAll(segments.slice(0, known), changeNs).times;
        expect(walkAll(segments, changeNs).times).toEqual(before);
      }
    }
  });

  it('goes on in step where only phase, epoch or producers change', () => {
    for (const seed of seeds) {
      const { whole, pick, next } = random(seed);
      const rateHz = pick([7, 999, 1_000, 12_345]) * next() + 1;
      const first = nextSegment(null, 0, {
        rateHz,
        slope: null,
        producers: 3,
        epoch: 0,
        arrivals: 'uniform',
        limiter: 'smooth',
        seed: 1,
        counted: true,
      });
      const segments = [first];
      let before = first;
      for (let i = 1; i < 20; i++) {
        const startNs = before.startNs + whole(1, 300_000_000);
        before = nextSegment(before, startNs, { ...before, producers: whole(1, 4), epoch: i });
        segments.push(before);
      }
      const endNs = before.startNs + second;
      const { times } = walkAll(segments, endNs);
      const straight = walkAll([first], endNs).times;
      expect(Math.abs(times.length - straight.length)).toBeLessThanOrEqual(1);
      for (const [at, timeNs] of times.slice(0, straight.length).entries()) {
        expect(Math.abs(timeNs - (straight[at] ?? 0))).toBeLessThanOrEqual(2);
      }
    }
  });

  it('does not care when a cursor hears of what is still to come', () => {
    for (const seed of seeds) {
      const source = random(seed);
      const segments = randomSegments(source, 10, [0, 10, 1_000]);
      const endNs = (segments.at(-1)?.startNs ?? 0) + second;
      const cursor = new ArrivalCursor(0, null);
      const times: number[] = [];
      let heard = 0;
      for (let nowNs = 0; nowNs <= endNs; nowNs += source.whole(1, 20_000_000)) {
        // Word comes up to 20 ms ahead, several at once if they lie close.
        while ((segments[heard]?.startNs ?? Number.POSITIVE_INFINITY) <= nowNs + 20_000_000) {
          const one = segments[heard++];
          if (one !== undefined) cursor.add(one);
        }
        cursor.pass(nowNs);
        while (cursor.nextNs <= nowNs) {
          times.push(cursor.nextNs);
          cursor.advance();
          cursor.pass(nowNs);
        }
      }
      const expected = walk(segments, 0, endNs).times;
      expect(times).toEqual(expected.slice(0, times.length));
      expect(times.length).toBeGreaterThanOrEqual(walk(segments, 0, endNs - 20_000_000).times.length);
    }
  });

  it('gives whole nanoseconds that survive the stamp and fall into the same interval on both sides', () => {
    const view = new DataView(new ArrayBuffer(stampBytes));
    const anchor = takeAnchor();
    for (const seed of seeds) {
      const source = random(seed);
      const segments = [
        ...randomSegments(source, 10, [3, 1_000, 7_777]),
        ...[1_000, 3, 1e6 / 3].map((rateHz, at) =>
          segment({ rateHz, startNs: (10 + at) * second, carry: source.next() }),
        ),
      ].sort((a, b) => a.startNs - b.startNs);
      const buffer = createSpanBuffer();
      const table = new SpanTable(buffer);
      table.open(-1, 0, 'before');
      for (const { startNs } of segments) if (startNs > table.last.startNs) table.open(startNs, 0, 'measuring');
      const producer = new SpanCursor(buffer);
      const consumer = new SpanCursor(buffer);
      for (const timeNs of walkAll(segments, 11.5 * second).times) {
        expect(Number.isInteger(timeNs)).toBe(true);
        writeStamp(view, 0, 1, 2, 0, 3, timeNs, anchor.epochZeroHigh, anchor.epochZeroLow);
        const read = readIntendedNs(view, 0, anchor.epochZeroHigh, anchor.epochZeroLow);
        expect(read).toBe(timeNs);
        expect(consumer.locate(read)).toBe(producer.locate(timeNs));
      }
    }
  });
});

describe('a silent or unthrottled segment', () => {
  it('asks for nothing at rate 0 and is left when the next begins', () => {
    const cursor = new ArrivalCursor(0, null);
    cursor.add(segment({ rateHz: 10 }));
    cursor.advance();
    cursor.add(segment({ rateHz: 0, startNs: 0.1 * second }));
    expect(cursor.nextNs).toBe(Number.POSITIVE_INFINITY);
    cursor.pass(5 * second);
    expect(cursor.nextNs).toBe(Number.POSITIVE_INFINITY);
    cursor.add(segment({ rateHz: 10, startNs: 6 * second, carry: 0.5 }));
    expect(cursor.nextNs).toBe(6.05 * second);
  });

  it('has no times while unthrottled, and says until when', () => {
    const cursor = new ArrivalCursor(0, null);
    cursor.add(segment({ rateHz: null }));
    expect(cursor.nextNs).toBeNaN();
    expect(cursor.nextMessage).toBe(-1);
    expect(cursor.segmentEndNs).toBe(Number.POSITIVE_INFINITY);
    cursor.advance();
    expect(cursor.nextNs).toBeNaN();
    cursor.add(segment({ startNs: second }));
    expect(cursor.segmentEndNs).toBe(second);
    cursor.pass(second - 1);
    expect(cursor.nextNs).toBeNaN();
    cursor.pass(second);
    expect(cursor.nextNs).toBe(second);
  });

  it('carries the begun message over silence and over an unthrottled stretch', () => {
    const first = segment({ rateHz: 10 });
    const quiet = nextSegment(first, 0.25 * second, { ...first, rateHz: 0 });
    const open = nextSegment(quiet, 3 * second, { ...first, rateHz: null });
    const again = nextSegment(open, 5 * second, first);
    // Three were due in 0.25 s; half of the fourth is.
    expect(again.firstMessage).toBe(3);
    expect(again.carry).toBeCloseTo(0.5, 9);
  });

  it('numbers its messages anew where counting begins, and holds only counted ones to the limit', () => {
    const warmUp = segment({ rateHz: 10, counted: false });
    const first = nextSegment(warmUp, 1.25 * second, { ...warmUp, counted: true });
    expect(first).toMatchObject({ firstMessage: 0 });
    expect(first.carry).toBeCloseTo(0.5, 9);
    const cursor = new ArrivalCursor(0, 5);
    cursor.add(warmUp);
    cursor.add(first);
    const numbers: number[] = [];
    while (Number.isFinite(cursor.nextNs)) {
      numbers.push(cursor.nextMessage);
      cursor.advance();
    }
    expect(numbers).toEqual([...Array(13).keys(), 0, 1, 2, 3, 4]);
  });

  it('is passed over by slots that have no part in it', () => {
    const segments = [
      segment({ rateHz: 100, producers: 1 }),
      segment({ rateHz: 100, producers: 3, startNs: second, firstMessage: 100 }),
    ];
    expect(walk(segments, 2, 0.9 * second).times).toEqual([]);
    expect(walk(segments, 2, 2 * second).times[0]).toBe(1.02 * second);
    const cursor = new ArrivalCursor(2, null);
    for (const one of segments) {
      cursor.add(one);
      expect(cursor.mine(one)).toBe(one.producers === 3);
    }
  });
});

describe('a limit of messages', () => {
  it.each([1, 2, 7, 100, 1_234])('%d is kept exactly, whoever sends', (limit) => {
    for (const seed of seeds) {
      const source = random(seed);
      const segments = randomSegments(source, 6, [1_000, 3_000]);
      const endNs = (segments.at(-1)?.startNs ?? 0) + 3_000 * second;
      const { numbers } = walkAll(segments, endNs, limit);
      expect(numbers).toEqual(Array.from({ length: limit }, (_, number) => number));
    }
  });
});

describe('a bursty limiter', () => {
  const bursty = { producers: 1, epoch: 0, arrivals: 'uniform', limiter: 'bursty', seed: 1, counted: true } as const;

  /** Changes of the rate at times in s. */
  function segmentsOf(
    changes: readonly (readonly [atSeconds: number, rateHz: number | null])[],
    flavour: Partial<Pick<Segment, 'arrivals' | 'limiter' | 'producers'>> = {},
  ): Segment[] {
    const segments: Segment[] = [];
    for (const [at, rateHz] of changes) {
      segments.push(nextSegment(segments.at(-1) ?? null, at * second, { ...bursty, ...flavour, rateHz, slope: null }));
    }
    return segments;
  }

  /** N at the change itself: due up to and with it, less what was due before. */
  function dueAt(segments: readonly Segment[]): number {
    const { startNs } = segments.at(-1) ?? segment();
    return walkAll(segments, startNs + 1).times.filter((timeNs) => timeNs === startNs).length;
  }

  it.each<readonly [string, Parameters<typeof segmentsOf>[0], number]>([
    ['a first segment has only its first message', [[0, 1_000]], 1],
    [
      'a pause of half a second saves half a second',
      [
        [0, 1_000],
        [1.0005, 0],
        [1.5005, 1_000],
      ],
      500,
    ],
    [
      'a long one saves a second',
      [
        [0, 1_000],
        [1.0005, 0],
        [600.0005, 1_000],
      ],
      1_000,
    ],
    [
      'at the rate that comes after it',
      [
        [0, 1_000],
        [1.0005, 0],
        [1.5005, 4_000],
      ],
      2_000,
    ],
    [
      'knobs turned meanwhile take nothing',
      [
        [0, 1_000],
        [1.0005, 0],
        [1.2505, 0],
        [1.5005, 1_000],
      ],
      500,
    ],
    [
      'nor add beyond a second',
      [
        [0, 1_000],
        [1.0005, 0],
        [1.8005, 0],
        [2.6005, 1_000],
      ],
      1_000,
    ],
    [
      'it is spent once',
      [
        [0, 1_000],
        [1.0005, 0],
        [2.0005, 1_000],
        [2.5005, 2_000],
      ],
      0,
    ],
    [
      'a change of the rate saves nothing',
      [
        [0, 100],
        [1.005, 5_000],
      ],
      0,
    ],
    [
      'an unthrottled stretch spends all',
      [
        [0, 1_000],
        [1.0005, 0],
        [2.0005, null],
        [3.0005, 1_000],
      ],
      0,
    ],
    [
      'a rate too slow for a message in a second: less than one',
      [
        [0, 0.1],
        [11, 0],
        [12, 0.1],
      ],
      0,
    ],
  ])('%s', (_, changes, expected) => {
    expect(dueAt(segmentsOf(changes))).toBe(expected);
  });

  it('goes on at the rate after it, in step with the fraction that was due', () => {
    const segments = segmentsOf([
      [0, 1_000],
      [1.0005, 0],
      [1.5007, 1_000],
    ]);
    // Half of a message was due at the pause; 500.2 more were saved: 500 are due at once, and 0.3 are left to wait for.
    expect(segments.at(-1)).toMatchObject({ burst: 500, firstMessage: 1_001, savedNs: 0 });
    const { times } = walkAll(segments, 1.5025 * second);
    expect(times.slice(-3)).toEqual([1.5007 * second, 1.501 * second, 1.502 * second]);
  });

  it('is what a smooth one is without a pause, and a smooth one has nothing due but in step', () => {
    for (const seed of seeds) {
      const rates = [10, 1_000, 30_000] as const;
      const of = (limiter: 'smooth' | 'bursty') =>
        randomSegments(random(seed), 8, rates, { arrivals: 'uniform', limiter }).map(({ limiter: _, ...rest }) => rest);
      expect(of('bursty')).toEqual(of('smooth'));
      expect(
        dueAt(
          segmentsOf(
            [
              [0, 1_000],
              [1.0005, 0],
              [1.5005, 1_000],
            ],
            { limiter: 'smooth' },
          ),
        ),
      ).toBe(0);
    }
  });

  it('shares the burst over all producers, each message once, within the limit', () => {
    for (const seed of seeds) {
      const source = random(seed);
      const flavour = { arrivals: 'uniform', limiter: 'bursty' } as const;
      const segments = randomSegments(source, 15, [0, 0, 10, 1_000, 30_000], flavour);
      const last = segments.at(-1) ?? segment();
      const endNs = last.startNs + source.whole(1, 1_000_000_000);
      const due = last.firstMessage + dueBefore(last, endNs);
      const { times, numbers } = walkAll(segments, endNs);
      expect(times).toHaveLength(due);
      expect(numbers).toEqual(Array.from({ length: due }, (_, number) => number));
      const limit = Math.floor(due / 2);
      expect(walkAll(segments, endNs, limit).numbers).toEqual(Array.from({ length: limit }, (_, number) => number));
    }
  });

  it('has its burst at once in a Poisson schedule too', () => {
    const changes = [
      [0, 1_000],
      [1, 0],
      [3, 1_000],
    ] as const;
    const { times } = walkAll(segmentsOf(changes, { arrivals: 'poisson', producers: 3 }), 3 * second + 1);
    expect(times.filter((timeNs) => timeNs === 3 * second)).toHaveLength(1_000);
  });
});

describe('Poisson arrivals', () => {
  const poisson = (changes: Partial<Segment> = {}): Segment => segment({ arrivals: 'poisson', ...changes });

  it('have the rate as their mean, with the spread of a Poisson process', () => {
    for (const producers of [1, 3]) {
      const { times } = walkAll([poisson({ producers, seed: 5 })], 20 * second);
      // 20,000 expected, standard deviation 141.
      expect(Math.abs(times.length - 20_000)).toBeLessThan(5 * 141);
      const gaps = times.slice(1).map((timeNs, at) => timeNs - (times[at] ?? 0));
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
      expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
    }
  });

  it('rise, are whole, are the same for the same seed and others for another', () => {
    const of = (seed: number) => walk([poisson({ seed })], 0, second).times;
    const times = of(1);
    expect(times.every((timeNs, at) => Number.isInteger(timeNs) && timeNs >= (times[at - 1] ?? 0))).toBe(true);
    expect(of(1)).toEqual(times);
    expect(of(2)).not.toEqual(times);
    expect(walk([poisson({ producers: 2 })], 1, second).times).not.toEqual(
      walk([poisson({ producers: 2 })], 0, second).times,
    );
  });

  it('keep the new rate after a change, and move none that came before it', () => {
    const segments = [poisson(), poisson({ rateHz: 10_000, startNs: 10 * second, firstMessage: 10_000, seed: 2 })];
    const { times } = walkAll(segments, 12 * second);
    const before = times.filter((timeNs) => timeNs < 10 * second);
    expect(before).toEqual(walkAll([poisson()], 10 * second).times);
    expect(Math.abs(times.length - before.length - 20_000)).toBeLessThan(5 * 141);
  });

  it('stop at the limit, exactly', () => {
    expect(walkAll([poisson({ producers: 3 })], 100 * second, 1_000).times).toHaveLength(1_000);
  });
});

describe('seededUniform', () => {
  it('answers numbers in (0, 1], evenly', () => {
    const uniform = seededUniform(9);
    const tenths = Array(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const value = uniform();
      expect(value > 0 && value <= 1).toBe(true);
      tenths[Math.min(9, Math.floor(value * 10))]++;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
