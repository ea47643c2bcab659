import { describe, expect, it } from 'vitest';
import { judgeHopeless, judgeStep } from '../../../source/analysis/step-verdict.ts';
import type { Plan } from '../../../source/config/plan.ts';
import { parseSlos } from '../../../source/config/slo.ts';
import { stepRow } from '../../../source/session/automation/search-row.ts';
import { type Step, watchStep } from '../../../source/session/automation/step-watch.ts';
import { ms, second } from '../support/book-rig.ts';
import { stepRig } from '../support/step-rig.ts';

const rateHz = 1000;
/** Half a second's messages. */
const half = 500;
const step: Step = { role: 'ramp', rateHz, startNs: second, discardNs: 0, confirmMs: 30_000, haste: 1 };

function watched(slos: string, changes: Partial<Plan> = {}) {
  const rig = stepRig(step, changes);
  const at = (nowNs: number) => {
    rig.look(nowNs);
    const { reading } = watchStep(rig.run, step, parseSlos(slos), nowNs);
    return { reading, hopeless: judgeHopeless(reading)?.step ?? null, step: judgeStep(reading).step };
  };
  return { ...rig, at };
}

describe('a step that is lost while its pieces are open', () => {
  const quickAndSlow = 'p99<10ms,e2e.p99<2s';

  it('is the cluster’s where that stood still', () => {
    const { due, at } = watched(quickAndSlow);
    // Quick for 3 s, silent from then on: 1,500 messages that are offered in time and not answered.
    for (let piece = 0; piece < 6; piece++) due(piece, half, { serviceMs: 2, e2eMs: 3 });
    for (let piece = 6; piece < 10; piece++) due(piece, half);
    const { reading, hopeless } = at(6.01 * second);
    expect(reading.objectives[0]?.pieces.every(({ violations }) => violations === 0)).toBe(true);
    expect(reading.offeredInTimeSoFar).toBe(1);
    expect(hopeless).toMatchObject({ verdict: 'fail', limitedBy: 'latency' });
  });

  it('is the client’s where that stood still, before any piece is closed', () => {
    const { due, at } = watched(quickAndSlow);
    for (let piece = 0; piece < 4; piece++) due(piece, half, { slipMs: 500, serviceMs: 2, e2eMs: 503 });
    const { reading, hopeless } = at(3.02 * second);
    expect([reading.closedMs, reading.offeredInTime, reading.offeredInTimeSoFar]).toEqual([0, null, 0]);
    expect(hopeless).toMatchObject({ verdict: 'client' });
  });

  it('is the client’s the moment it has woken up: what is offered late cannot be answered yet', () => {
    const { due, at } = watched(quickAndSlow);
    for (let piece = 0; piece < 4; piece++) due(piece, half, { slipMs: 2000 });
    expect(at(3.02 * second).hopeless).toMatchObject({ verdict: 'client' });
  });

  it('is of errors where the cluster refused', () => {
    const { due, at } = watched(quickAndSlow);
    for (let piece = 0; piece < 4; piece++) due(piece, half, { failed: true });
    expect(at(3.02 * second).hopeless).toMatchObject({ verdict: 'fail', limitedBy: 'errors' });
  });
});

describe('what was achieved in a step', () => {
  it('waits for a cluster that is healthy and far away', () => {
    const { due, at } = watched('achieved>99%');
    // Answers take 900 ms: of the last ones there is none yet.
    const nowNs = 7.06 * second;
    for (let piece = 0; piece < 12; piece++) due(piece, half, { serviceMs: 900, untilNs: nowNs });
    const { reading, step: judged } = at(nowNs);
    expect(reading.closedMs).toBe(5000);
    expect(reading.achieved?.fraction).toBe(1);
    expect(judged).toMatchObject({ verdict: 'pass' });
  });

  it('fails where the backlog grows beyond that', () => {
    const { due, at } = watched('achieved>99%');
    for (let piece = 0; piece < 12; piece++) due(piece, half, piece % 2 === 0 ? { serviceMs: 1 } : {});
    expect(at(7.06 * second).step).toMatchObject({ verdict: 'fail', limitedBy: 'latency' });
  });

  it('grants what is told to linger as much more', () => {
    const { due, at } = watched('achieved>99%', { lingerMs: 1000 });
    for (let piece = 0; piece < 12; piece++) due(piece, half, { serviceMs: 1 });
    expect(at(7.06 * second).reading.closedMs).toBe(4000);
  });
});

describe('errors in a step', () => {
  it('are told from what is late', () => {
    const { due, at } = watched('p99<10ms');
    for (let piece = 0; piece < 10; piece++) {
      due(piece, half - 20, { serviceMs: 2 });
      due(piece, 20, { failed: true });
    }
    expect(at(6.07 * second).step).toMatchObject({ verdict: 'fail', limitedBy: 'errors' });
  });

  it('are not named where all else is late, too', () => {
    const { due, at } = watched('p99<10ms');
    for (let piece = 0; piece < 10; piece++) {
      due(piece, half - 40, { serviceMs: 2 });
      due(piece, 20, { serviceMs: 20 });
      due(piece, 20, { failed: true });
    }
    expect(at(6.07 * second).step).toMatchObject({ verdict: 'fail', limitedBy: 'latency' });
  });
});

describe('a step behind a pipeline that drops some', () => {
  const through = { consumeTopic: 'out', missingGate: false };

  it('is judged by what comes out', () => {
    const { due, at } = watched('e2e.p99<1s', through);
    for (let piece = 0; piece < 12; piece++) {
      due(piece, half - 50, { serviceMs: 2, e2eMs: 5 });
      due(piece, 50, { serviceMs: 2 });
    }
    const { reading, hopeless, step: judged } = at(7.06 * second);
    expect(reading.objectives[0]?.pieces[0]).toEqual({ messages: half - 50, violations: 0 });
    expect([hopeless, judged?.verdict]).toEqual([null, 'pass']);
  });

  it('has the percentiles of what comes out in its row', () => {
    const { due, run, look } = watched('e2e.p99<1s', through);
    for (let piece = 0; piece < 4; piece++) due(piece, half / 2, { serviceMs: 2, e2eMs: 5 });
    for (let piece = 0; piece < 4; piece++) due(piece, half / 2, { serviceMs: 2 });
    const nowNs = 4.1 * second;
    look(nowNs);
    const picture = watchStep(run, step, parseSlos('e2e.p99<1s'), nowNs);
    const verdict = { step: null, why: 'unsure', latency: null } as const;
    const facts = { index: 0, step, picture, verdict, timeMs: 0, nowNs, steadySinceNs: null };
    expect(stepRow({ ...facts, filters: true }).e2e.p99Ms).toBeCloseTo(5, 1);
    expect(stepRow({ ...facts, filters: false }).e2e.p99Ms).toBeNull();
  });

  it('fails where what comes out is late, little as it is of all', () => {
    const { due, at } = watched('e2e.p99<100ms', through);
    for (let piece = 0; piece < 10; piece++) {
      due(piece, 375, { serviceMs: 2 });
      due(piece, 121, { serviceMs: 2, e2eMs: 5 });
      due(piece, 4, { serviceMs: 2, e2eMs: 200 });
    }
    expect(at(6.2 * second).step).toMatchObject({ verdict: 'fail' });
  });

  it('misses what is dropped where all is to come out', () => {
    const { due, at } = watched('e2e.p99<1s', { ...through, missingGate: true });
    for (let piece = 0; piece < 12; piece++) {
      due(piece, half - 50, { serviceMs: 2, e2eMs: 5 });
      due(piece, 50, { serviceMs: 2 });
    }
    expect(at(7.06 * second).step).toMatchObject({ verdict: 'fail' });
  });
});

it('a piece is closed when its messages are older than the slowest objective', () => {
  const { due, at } = watched('p99<10ms,e2e.p99<2s');
  for (let piece = 0; piece < 10; piece++) due(piece, half, { serviceMs: 2, e2eMs: 3 });
  expect(at(6 * second + 10 * ms).reading.closedMs).toBe(2500);
});
