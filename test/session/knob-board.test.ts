import { describe, expect, it } from 'vitest';
import { type KnobName, type KnobValue, knobNames } from '../../source/config/knobs.ts';
import type { Plan } from '../../source/config/plan.ts';
import { KnobBoard, plannedKnobs, refuseKnob } from '../../source/session/knob-board.ts';
import { defaultPlan } from '../support/default-plan.ts';

const plan = (changes: Partial<Plan> = {}): Plan => ({
  ...defaultPlan,
  rate: 1_000,
  producers: 2,
  consumers: 3,
  ...changes,
});
const view = (board: KnobBoard, name: KnobName) => board.views().find((one) => one.name === name);

describe('plannedKnobs', () => {
  it('are what the plan says', () => {
    const { tuning, ...rest } = plan();
    expect(plannedKnobs(plan())).toEqual({
      rate: 1_000,
      batchSize: rest.batchSizeBytes,
      lingerMs: rest.lingerMs,
      producers: 2,
      consumers: 3,
      acks: rest.acks,
      compression: rest.compression,
      messageSize: rest.messageSizeBytes,
      inFlight: tuning.maxInFlight,
      fetchMinBytes: tuning.fetchMinBytes,
      fetchMaxWaitMs: tuning.fetchMaxWaitMs,
      maxPartitionFetch: tuning.maxPartitionFetchBytes,
    });
  });

  it('leave out who has no part in the run', () => {
    expect(plannedKnobs(plan({ mode: 'produce-only' }))).toMatchObject({ producers: 2, consumers: 0 });
    expect(plannedKnobs(plan({ mode: 'consume-only' }))).toMatchObject({ producers: 0, consumers: 3 });
  });
});

describe('KnobBoard', () => {
  it('applies a wish once every thread has taken it', () => {
    const board = new KnobBoard(plan());
    expect(board.request('lingerMs', 20, 3, true)).toEqual({ name: 'lingerMs', from: defaultPlan.lingerMs, to: 20 });
    expect(board.requested('lingerMs')).toBe(20);
    expect(view(board, 'lingerMs')).toMatchObject({
      requested: 20,
      applied: defaultPlan.lingerMs,
      appliedThreads: 0,
      totalThreads: 3,
    });
    expect(board.took('lingerMs', 20)).toBe(false);
    expect(board.took('lingerMs', 20)).toBe(false);
    expect(view(board, 'lingerMs')).toMatchObject({ applied: defaultPlan.lingerMs, appliedThreads: 2 });
    expect(board.took('lingerMs', 20)).toBe(true);
    expect(view(board, 'lingerMs')).toMatchObject({ requested: 20, applied: 20, appliedThreads: 3, totalThreads: 3 });
    expect(board.snapshot().lingerMs).toEqual({ requested: 20, applied: 20 });
    expect(board.values().lingerMs).toBe(20);
  });

  it('takes no notice of a wish that was overtaken', () => {
    const board = new KnobBoard(plan());
    board.request('rate', 2_000, 2, true);
    board.took('rate', 2_000);
    board.request('rate', null, 2, true);
    expect(board.took('rate', 2_000)).toBe(false);
    board.applied('rate', 2_000);
    expect(view(board, 'rate')).toMatchObject({ requested: null, applied: 1_000, appliedThreads: 0 });
    board.applied('rate', null);
    expect(view(board, 'rate')).toMatchObject({ requested: null, applied: null, appliedThreads: 2 });
  });

  it('counts no thread twice over', () => {
    const board = new KnobBoard(plan());
    board.request('acks', 1, 1, true);
    board.took('acks', 1);
    expect(board.took('acks', 1)).toBe(true);
    expect(view(board, 'acks')).toMatchObject({ appliedThreads: 1, totalThreads: 1 });
  });

  it('takes changes back, the last one first, but for those that took something back', () => {
    const board = new KnobBoard(plan());
    expect(board.takeLast()).toBeUndefined();
    board.request('rate', 2_000, 1, true);
    board.request('lingerMs', 7, 1, true);
    board.request('rate', 3_000, 1, false);
    expect(board.takeLast()).toEqual({ name: 'lingerMs', from: defaultPlan.lingerMs, to: 7 });
    expect(board.takeLast()).toEqual({ name: 'rate', from: 1_000, to: 2_000 });
    expect(board.takeLast()).toBeUndefined();
  });

  it('withdraws what cannot come true, and no wish that came after it', () => {
    const board = new KnobBoard(plan());
    board.withdraw(board.request('producers', 4, 1, true));
    expect(view(board, 'producers')).toMatchObject({ requested: 2, applied: 2, appliedThreads: 1, totalThreads: 1 });
    expect(board.takeLast()).toBeUndefined();
    const overtaken = board.request('producers', 4, 1, true);
    board.request('producers', 3, 1, true);
    board.withdraw(overtaken);
    expect(board.requested('producers')).toBe(3);
    expect(board.takeLast()).toMatchObject({ to: 3 });
  });

  it('gives numbers where there are some', () => {
    const board = new KnobBoard(plan());
    expect(board.number('consumers')).toBe(3);
    expect(board.views().map(({ name }) => name)).toEqual(knobNames);
  });
});

describe('refuseKnob', () => {
  const tuning = (changes: Partial<Plan['tuning']>) => ({ tuning: { ...defaultPlan.tuning, ...changes } });

  it.each<readonly [KnobName, KnobValue, Partial<Plan>, RegExp | null]>([
    ['rate', 5, {}, null],
    ['rate', 0.1, {}, null],
    ['rate', null, {}, null],
    ['rate', 0, {}, /pause the load/],
    ['rate', -5, {}, /pause the load/],
    ['rate', 0.05, {}, /at least 0.1/],
    ['rate', 1e10, {}, /at most/],
    ['rate', Number.NaN, {}, /needs a number/],
    ['rate', Number.POSITIVE_INFINITY, {}, /needs a number/],
    ['rate', 'all', {}, /needs a number/],
    ['lingerMs', 0, {}, null],
    ['lingerMs', null, {}, /linger needs a number/],
    ['producers', 0, {}, /at least 1/],
    ['producers', 4_096, {}, null],
    ['producers', 4_097, {}, /at most 4096/],
    ['producers', 2, { mode: 'consume-only' }, /only consumes/],
    ['consumers', 0, {}, null],
    ['consumers', 2, { mode: 'produce-only' }, /only produces/],
    ['acks', 0, {}, null],
    ['acks', 'all', {}, null],
    ['acks', 2, {}, /one of 0, 1, all/],
    ['acks', 'all', { acks: 1, ...tuning({ idempotent: true, maxInFlight: 6 }) }, /at most 5/],
    ['acks', 1, { acks: 0, ...tuning({ idempotent: true, maxInFlight: 6 }) }, null],
    ['acks', 'all', { acks: 1, ...tuning({ idempotent: false, maxInFlight: 6 }) }, null],
    ['compression', 'none', {}, null],
    ['compression', 'lz4', {}, null],
    ['compression', 'all', {}, /one of/],
    ['messageSize', 31, { stamp: 'value' }, /stamp: header/],
    ['messageSize', 32, { stamp: 'value' }, null],
    ['messageSize', 0, { stamp: 'header' }, null],
    ['inFlight', 5, tuning({ idempotent: true }), null],
    ['inFlight', 6, tuning({ idempotent: true }), /at most 5/],
    ['inFlight', 6, { acks: 1, ...tuning({ idempotent: true }) }, null],
    ['inFlight', 6, tuning({ idempotent: false }), null],
  ])('%s %s where %o', (name, value, changes, reason) => {
    const chosen = plan({ acks: 'all', ...changes });
    const answer = refuseKnob(chosen, new KnobBoard(chosen), name, value);
    if (reason === null) expect(answer).toBeNull();
    else expect(answer).toMatch(reason);
  });
});
