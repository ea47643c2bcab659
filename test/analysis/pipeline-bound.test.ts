import { describe, expect, it } from 'vitest';
import { pipelineBound } from '../../source/analysis/pipeline-bound.ts';

const seconds = (count: number, inPipeline: (second: number) => number, serviceMs = (_second: number) => 1.5) =>
  Array.from({ length: count }, (_, second) => ({ inPipeline: inPipeline(second), serviceMs: serviceMs(second) }));
/** Up and down by turns, without a trend. */
const wobble = (second: number): number => (second % 2 === 0 ? 1 : -1) * (5 + (second % 3));

describe('a pipeline that fills while service stays flat', () => {
  const samples = seconds(
    20,
    (second) => 50 + 200 * second + wobble(second),
    (second) => 1.5 + 0.01 * wobble(second),
  );

  it('is what holds messages up, with its figures', () => {
    const bound = pipelineBound({ samples, ackedRate: 1000, watched: null });
    expect(bound?.growthRate).toBeCloseTo(200, 0);
    expect(bound?.throughRate).toBeCloseTo(800, 0);
    expect(bound?.evidence).toMatch(
      /^3,8\d\d messages in the pipeline, (199|200|201)\/s more, while service stays at 1\.\d\d ms$/,
    );
  });

  it('tells what the watched group is behind, and how old its commit is', () => {
    const watched = { group: 'flink-job', lagMessages: 4321.2, commitAgeMs: 4200 };
    const bound = pipelineBound({ samples, ackedRate: 1000, watched });
    expect(bound?.evidence).toMatch(/; group flink-job is 4,321 behind \(committed 4\.2 s ago\)$/);
    const old = pipelineBound({ samples, ackedRate: 1000, watched: { ...watched, commitAgeMs: 61_000 } });
    expect(old?.evidence).toMatch(/committed 61 s ago/);
  });
});

describe('nothing is said', () => {
  it.each([
    ['of a pipeline that keeps up', seconds(20, (second) => 90 + wobble(second)), 1000],
    ['of one that empties', seconds(20, (second) => 9000 - 200 * second), 1000],
    ['where it grows by less than 0.5 % of the rate', seconds(20, (second) => 5000 + 4 * second), 1000],
    ['of what is inside for less than 100 ms', seconds(20, (second) => 4 * second), 800],
    ['by too few seconds', seconds(9, (second) => 200 * second), 1000],
    ['where nothing is acknowledged', seconds(20, (second) => 200 * second), 0],
    [
      'where service rises too: it is the cluster',
      seconds(
        20,
        (s) => 200 * s,
        (s) => 1 + 0.1 * s,
      ),
      1000,
    ],
    [
      'without any service time (acks=0)',
      seconds(20, (s) => 200 * s).map((one) => ({ ...one, serviceMs: null })),
      1000,
    ],
    ['of no seconds at all', [], 1000],
  ])('%s', (_name, samples, ackedRate) => {
    expect(pipelineBound({ samples, ackedRate, watched: null })).toBeNull();
  });

  it('but service that rises by little is flat', () => {
    const samples = seconds(
      20,
      (second) => 200 * second,
      (second) => 2 + 0.01 * second,
    );
    expect(pipelineBound({ samples, ackedRate: 1000, watched: null })).not.toBeNull();
  });
});
