/** A run in the middle of a step of a search, its load told piece by piece. */

import { pieceMs } from '../../../source/analysis/step-verdict.ts';
import type { Plan } from '../../../source/config/plan.ts';
import { plaintext } from '../../../source/config/security/material.ts';
import { consumerTags } from '../../../source/load/consumer-accounting.ts';
import { producerTags } from '../../../source/load/lane-ledger.ts';
import { pieceNsOf, type Step } from '../../../source/session/automation/step-watch.ts';
import { RunState } from '../../../source/session/run-state.ts';
import { recordingThread } from '../../measure/support/figures-rig.ts';
import { defaultPlan } from '../../support/default-plan.ts';
import { evenly, ms, noGauges } from './book-rig.ts';

/** What became of messages; what is left out did not happen (yet). */
interface Fate {
  readonly slipMs?: number;
  readonly serviceMs?: number;
  readonly e2eMs?: number;
  readonly failed?: boolean;
  /** Answers that would come later have not come. */
  readonly untilNs?: number;
}

export function stepRig({ startNs, rateHz, haste }: Step, changes: Partial<Plan> = {}) {
  const run = new RunState({ plan: { ...defaultPlan, ...changes }, sources: {}, warnings: [], security: plaintext });
  run.timeline.change(startNs, { rateHz, intervalNs: pieceNsOf(haste), phase: 'measuring' });
  const producer = recordingThread(run.timeline.buffer, producerTags);
  const consumer = recordingThread(run.timeline.buffer, consumerTags);
  for (const [number, { shared }] of [producer, consumer].entries()) {
    run.book.addThread(number, shared);
    run.happenings.addThread(number, shared);
  }
  const [responseTag, serviceTag, slipTag] = [0, 1, 2];
  return {
    run,
    look: (nowNs: number): void => {
      run.book.refresh();
      run.happenings.sample(nowNs, noGauges);
    },
    /** Messages due, and offered, in a piece of the step, evenly. */
    due: (piece: number, count: number, fate: Fate = {}): void => {
      const { slipMs = 0, serviceMs, e2eMs, failed = false, untilNs = Number.POSITIVE_INFINITY } = fate;
      for (const timeNs of evenly(startNs + piece * pieceMs * ms, count, pieceMs * ms)) {
        producer.recorder.count('scheduled', timeNs, 1);
        producer.recorder.record(slipTag, timeNs, slipMs * ms);
        if (failed) producer.recorder.count('failed', timeNs, 1);
        if (serviceMs !== undefined && timeNs + (slipMs + serviceMs) * ms <= untilNs) {
          producer.recorder.count('acked', timeNs, 1);
          producer.recorder.record(responseTag, timeNs, (slipMs + serviceMs) * ms);
          producer.recorder.record(serviceTag, timeNs, serviceMs * ms);
        }
        if (e2eMs === undefined) continue;
        consumer.recorder.count('consumed', timeNs, 1);
        consumer.recorder.record(0, timeNs, e2eMs * ms);
      }
    },
  };
}
