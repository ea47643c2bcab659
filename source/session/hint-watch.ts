/** Looks for hints once a second while the load is on, shows those that last, and tells of each in the event log. */
import type { HintReading } from '../analysis/hint-reading.ts';
import { findHints } from '../analysis/hints.ts';
import type { KnobName, KnobValue } from '../config/knobs.ts';
import type { Hint } from './document-schema.ts';
import { HintBoard } from './hint-board.ts';
import { hintReading } from './hint-reading.ts';
import { hintFields, hintMessage } from './hint-rows.ts';
import { pipelineReading } from './pipeline-reading.ts';
import type { RunState } from './run-state.ts';

const everyNs = 1e9;

/** The round trip of an epoch, to compare acks by. */
interface EpochTrip {
  readonly acks: KnobValue;
  /** All other knobs, as text. */
  readonly others: string;
  readonly roundTripMs: number;
}

export class HintWatch {
  readonly #board = new HintBoard();
  #nextNs = 0;
  /** The least of all readings: what the run was like when nothing was in the way. */
  #quietPingMs: number | null = null;
  #quietRoundTripMs: number | null = null;
  /** By epoch. */
  readonly #trips = new Map<number, EpochTrip>();

  /** Worst first. */
  get shown(): readonly Hint[] {
    return this.#board.shown;
  }

  /** Called at every tick while the load is on. */
  tick(run: RunState, nowNs: number): void {
    this.#board.dropStale((knob) => run.board.requested(knob));
    if (nowNs < this.#nextNs) return;
    this.#nextNs = nowNs + everyNs;
    const reading = run.paused ? null : this.#read(run, nowNs);
    if (reading === null) return;
    const nowMs = run.clock.toUnixMs(nowNs);
    for (const hint of this.#board.take(findHints(reading), nowMs)) {
      run.log.add(nowMs, 'hint', hintMessage(hint), hintFields(hint));
    }
  }

  #read(run: RunState, nowNs: number): HintReading | null {
    const reading = hintReading(run, nowNs, {
      quietPingMs: this.#quietPingMs,
      quietRoundTripMs: this.#quietRoundTripMs,
      acksCompared: this.#acksCompared(run.timeline.epoch.index),
      pipeline: pipelineReading(run, nowNs),
    });
    if (reading === null) return null;
    this.#quietPingMs = least(this.#quietPingMs, reading.pingMs);
    this.#quietRoundTripMs = least(this.#quietRoundTripMs, reading.roundTripMs);
    this.#noteTrip(run.timeline.epoch.index, reading);
    return reading;
  }

  #noteTrip(epoch: number, { knobs, roundTripMs }: HintReading): void {
    if (roundTripMs !== null) this.#trips.set(epoch, { acks: knobs.acks, others: otherKnobs(knobs), roundTripMs });
  }

  /** The present epoch's round trip beside that of the last one that differed in acks alone. */
  #acksCompared(epoch: number): HintReading['acksCompared'] {
    const now = this.#trips.get(epoch);
    if (now === undefined) return null;
    const other = [...this.#trips.values()].findLast(({ acks, others }) => acks !== now.acks && others === now.others);
    if (other === undefined) return null;
    const [one, all] = now.acks === 'all' ? [other, now] : [now, other];
    return one.acks === 1 && all.acks === 'all' ? { oneMs: one.roundTripMs, allMs: all.roundTripMs } : null;
  }
}

function otherKnobs({ acks: _, ...others }: Readonly<Record<KnobName, KnobValue>>): string {
  return JSON.stringify(others);
}

function least(before: number | null, now: number | null): number | null {
  return now === null || (before !== null && before <= now) ? before : now;
}
