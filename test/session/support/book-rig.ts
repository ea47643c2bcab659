/** The books of a session over a timeline: one producer thread and one consumer thread, a clock moved by hand. */
import type { KnobName, KnobValue } from '../../../source/config/knobs.ts';
import { consumerTags } from '../../../source/load/consumer-accounting.ts';
import { producerTags } from '../../../source/load/lane-ledger.ts';
import type { Clock } from '../../../source/measure/clock.ts';
import { type TotalField, totalAt } from '../../../source/measure/figures.ts';
import { type Gauges, Happenings } from '../../../source/session/happenings.ts';
import { IntervalBook } from '../../../source/session/interval-book.ts';
import { IntervalRows } from '../../../source/session/interval-rows.ts';
import { KnobBoard } from '../../../source/session/knob-board.ts';
import { Timeline } from '../../../source/session/timeline.ts';
import { recordingThread } from '../../measure/support/figures-rig.ts';
import { defaultPlan } from '../../support/default-plan.ts';

export const second = 1e9;
export const ms = 1e6;
/** Unix ms of the run's zero. */
export const zeroMs = 1_700_000_000_000;

export const clock: Clock = { nowNs: () => 0, toUnixMs: (runNs) => zeroMs + runNs / 1e6 };
export const noGauges: Gauges = { lagMessages: null, lagMs: null, pingMs: null, host: null };

export function knobsOf(): Record<KnobName, { requested: KnobValue; applied: KnobValue }> {
  return new KnobBoard(defaultPlan).snapshot();
}

/** `marks` at run-relative ns. */
export function bookRig(marks: readonly (readonly [atNs: number, mark: number])[] = []) {
  const timeline = new Timeline({ arrivals: 'uniform', limiter: 'smooth', messages: null }, knobsOf());
  const book = new IntervalBook(timeline.spans);
  const happenings = new Happenings();
  const producer = recordingThread(timeline.buffer, producerTags);
  const consumer = recordingThread(timeline.buffer, consumerTags);
  for (const [number, { shared }] of [producer, consumer].entries()) {
    book.addThread(number, shared);
    happenings.addThread(number, shared);
  }
  const rows = new IntervalRows({
    spans: timeline.spans,
    book,
    happenings,
    clock,
    startedNs: 0,
    targetRate: (spanStartNs, fromNs, toNs) => timeline.targetRate(spanStartNs, fromNs, toNs),
    marks: (fromNs, toNs) => marks.flatMap(([atNs, mark]) => (atNs >= fromNs && atNs < toNs ? [mark] : [])),
  });
  const add = (thread: typeof producer, field: TotalField, amount: number): void => {
    thread.figures.totals[totalAt[field]] = (thread.figures.totals[totalAt[field]] ?? 0) + amount;
  };
  return {
    timeline,
    book,
    happenings,
    rows,
    producer,
    consumer,
    add,
    /** What main does at a tick. */
    look: (nowNs: number, gauges: Gauges = noGauges): void => {
      book.refresh();
      happenings.sample(nowNs, gauges);
      rows.update(nowNs);
    },
    /** Messages due at these times are scheduled, sent and, unless `latencyNs` is null, answered after so long. */
    send: (timesNs: readonly number[], latencyNs: number | null): void => {
      for (const timeNs of timesNs) {
        producer.recorder.count('scheduled', timeNs, 1);
        producer.recorder.count('sent', timeNs, 1);
        add(producer, 'scheduled', 1);
        add(producer, 'sent', 1);
        if (latencyNs === null) continue;
        producer.recorder.count('acked', timeNs, 1);
        producer.recorder.record(0, timeNs, latencyNs);
        producer.recorder.record(1, timeNs, latencyNs);
        add(producer, 'acked', 1);
      }
    },
    /** A batch whose first message is due then was written: so many bytes, which would be as many without a codec. */
    write: (timeNs: number, wireBytes: number, plainBytes: number): void => {
      producer.recorder.count('wireBytesSent', timeNs, wireBytes);
      producer.recorder.count('plainBytesSent', timeNs, plainBytes);
      add(producer, 'wireBytesSent', wireBytes);
      add(producer, 'plainBytesSent', plainBytes);
    },
    consume: (timesNs: readonly number[], latencyNs: number): void => {
      for (const timeNs of timesNs) {
        consumer.recorder.count('consumed', timeNs, 1);
        consumer.recorder.record(0, timeNs, latencyNs);
        add(consumer, 'consumed', 1);
      }
    },
  };
}

/** `count` times, evenly over a second. */
export function evenly(startNs: number, count: number, durationNs = second): number[] {
  return Array.from({ length: count }, (_, at) => Math.floor(startNs + (at * durationNs) / count));
}
