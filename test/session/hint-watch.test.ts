import { describe, expect, it } from 'vitest';
import type { KnobValue } from '../../source/config/knobs.ts';
import type { Plan } from '../../source/config/plan.ts';
import { plaintext } from '../../source/config/security/material.ts';
import { producerTags } from '../../source/load/lane-ledger.ts';
import { createFiguresBuffer, Figures, type TotalField, totalAt } from '../../source/measure/figures.ts';
import { compareReadings, type HostSample } from '../../source/measure/host.ts';
import { RunState } from '../../source/session/run-state.ts';
import { defaultPlan } from '../support/default-plan.ts';
import { second } from './support/book-rig.ts';

const stepNs = second / 4;

/** A run whose figures are made up, quarter of a second by quarter of a second. */
function rig(changes: Partial<Plan> = {}) {
  const plan = { ...defaultPlan, rate: 1_000, acks: 1, lingerMs: 0, ...changes } as const;
  const run = new RunState({ plan, sources: {}, warnings: [], security: plaintext });
  const shared = createFiguresBuffer(producerTags);
  run.book.addThread(0, shared);
  run.happenings.addThread(0, shared);
  const { totals } = new Figures(shared);
  run.schedule(second, { rateHz: 1_000, phase: 'measuring' });
  let nowNs = second;
  return {
    run,
    /** 250 messages and 25 batches in each step; what else grows is up to the test. */
    pass: (
      seconds: number,
      {
        roundTripMs = 1,
        queueMs = 0.1,
        fill = 0.1,
        throttleMs = 0,
        pingMs = 0.2,
        compressionRatio = 1,
        stolen = 0,
      } = {},
    ) => {
      const add = (field: TotalField, amount: number): void => {
        totals[totalAt[field]] = (totals[totalAt[field]] ?? 0) + amount;
      };
      for (const endNs = nowNs + seconds * second; nowNs < endNs; ) {
        nowNs += stepNs;
        add('acked', 250);
        add('batches', 25);
        add('batchesAcked', 25);
        add('batchRecords', 250);
        add('wireBytesSent', 25_000);
        add('plainBytesSent', 25_000 * compressionRatio);
        add('batchFill', 25 * fill);
        add('queueNs', 25 * queueMs * 1e6);
        add('roundTripNs', 25 * roundTripMs * 1e6);
        add('throttleMs', throttleMs);
        run.happenings.sample(nowNs, { ...noGauges, pingMs, host: { ...noHost, cpuStolenPercent: stolen } });
        run.rows.update(nowNs);
        run.hints.tick(run, nowNs);
      }
    },
    turn: (name: 'acks' | 'lingerMs' | 'compression', value: KnobValue) => {
      run.board.request(name, value, 0, true);
      run.schedule(nowNs, { epochKnobs: run.board.snapshot() });
    },
    told: () => run.log.events.flatMap(({ type, fields }) => (type === 'hint' ? [fields.name] : [])),
  };
}

const noGauges = { lagMessages: null, lagMs: null } as const;
/** A machine without any figures. */
const noHost: HostSample = compareReadings(null, {
  ...{ timeMs: 0, monotonicMs: 0, cpuBusyMs: null, cpuTotalMs: null, cpuStolenTicks: null, cpuTicks: null },
  ...{ memoryBytes: null, networkRxBytes: null, networkTxBytes: null, diskReadBytes: null, diskWriteBytes: null },
  ...{ processCpuMs: null, processRssBytes: null },
});

describe('HintWatch', () => {
  it('finds nothing in a run that is well', () => {
    const { run, pass, told } = rig();
    pass(60);
    expect(run.hints.shown).toEqual([]);
    expect(told()).toEqual([]);
  });

  it('names a host that takes the CPU away', () => {
    const { run, pass } = rig();
    pass(20, { stolen: 1.9 });
    expect(run.hints.shown).toEqual([]);
    pass(20, { stolen: 11.6 });
    expect(run.hints.shown).toMatchObject([{ name: 'client-bound', suggestion: null }]);
    expect(run.hints.shown[0]?.evidence).toContain('the host of this machine gives 12 % of its CPU time to others');
  });

  it('says nothing of the first seconds, then tells what lasts', () => {
    const { run, pass, told } = rig({ lingerMs: 5 });
    pass(6, { queueMs: 5 });
    expect(told()).toEqual([]);
    pass(6, { queueMs: 5 });
    expect(told()).toEqual(['batching-bound']);
    expect(run.hints.shown).toMatchObject([
      { name: 'batching-bound', suggestion: { knob: 'lingerMs', from: 5, to: 0 } },
    ]);
    expect(run.log.events.at(-1)).toMatchObject({
      message: expect.stringMatching(/^hint batching-bound: a batch waits 5 ms .*; try linger 5 ms → 0 ms$/),
      fields: { knob: 'lingerMs', from: 5, to: 0 },
    });
  });

  it('drops a hint at once whose knob is turned, and reads nothing of before the change', () => {
    const { run, pass, turn, told } = rig({ lingerMs: 5 });
    pass(15, { queueMs: 5 });
    turn('lingerMs', 0);
    pass(0.5);
    expect(run.hints.shown).toEqual([]);
    pass(20);
    expect(told()).toEqual(['batching-bound']);
  });

  it('goes on showing for ten seconds what is over', () => {
    const { run, pass } = rig();
    pass(12, { throttleMs: 3 });
    expect(run.hints.shown.map(({ name }) => name)).toEqual(['quota']);
    // The figures of ten seconds have it for as long, and it stays for as long again.
    pass(18);
    expect(run.hints.shown).toHaveLength(1);
    pass(4);
    expect(run.hints.shown).toEqual([]);
  });

  it('looks at nothing while the load is paused', () => {
    const { run, pass, told } = rig();
    run.paused = true;
    pass(30, { throttleMs: 3 });
    expect(told()).toEqual([]);
  });

  it('compares acks=all with acks=1 where no other knob differed', () => {
    const { pass, turn, told, run } = rig();
    pass(10, { roundTripMs: 1 });
    turn('acks', 'all');
    pass(15, { roundTripMs: 4 });
    expect(told()).toEqual(['replication']);
    expect(run.hints.shown[0]?.evidence).toBe(
      'round trip 4 ms with acks=all and 1 ms with acks=1: 75 % is waiting for replicas',
    );
  });

  it('does not compare acks where linger was turned as well', () => {
    const { pass, turn, told } = rig();
    pass(10, { roundTripMs: 1 });
    turn('lingerMs', 1);
    pass(1);
    turn('acks', 'all');
    pass(15, { roundTripMs: 2.9 });
    expect(told()).toEqual([]);
  });

  it('tells once of a codec that finds nothing to do, and again of the next one', () => {
    const { pass, turn, told, run } = rig({ compression: 'lz4' });
    pass(90, { compressionRatio: 1.02 });
    expect(told()).toEqual(['payload']);
    turn('compression', 'zstd');
    pass(20, { compressionRatio: 1.33 });
    expect(told()).toEqual(['payload', 'payload']);
    expect(run.hints.shown).toMatchObject([{ suggestion: { knob: 'compression', from: 'zstd', to: 'none' } }]);
    turn('compression', 'none');
    pass(20);
    expect(run.hints.shown).toEqual([]);
    expect(told()).toHaveLength(2);
  });

  it('says nothing of a codec whose payload is as real data is', () => {
    const { pass, told } = rig({ compression: 'lz4', payloadEntropy: 0.3 });
    pass(30, { compressionRatio: 2.8 });
    expect(told()).toEqual([]);
  });

  it('knows what the run was like when it was quiet', () => {
    const { pass, told, run } = rig();
    pass(15, { roundTripMs: 1 });
    pass(20, { roundTripMs: 4.5 });
    expect(told()).toEqual(['broker-bound']);
    expect(run.hints.shown[0]?.evidence).toMatch(
      /^round trip [\d.]+ ms \(once 1 ms\), while an idle ping takes 0\.2 ms/,
    );
  });
});
