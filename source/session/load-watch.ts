/** Turns what load threads tell into events an operator can read: merged, never a flood. */

import type { ClientEvent, PartitionTable } from '../clients/types.ts';
import type { Report } from '../load/protocol.ts';
import type { Clock } from '../measure/clock.ts';
import { errorName } from '../protocol/error-names.ts';
import { ErrorBook } from './error-book.ts';
import type { EventLog } from './event-log.ts';
import { plural, wholeNumber } from './figures-text.ts';
import type { LoadThread } from './load-thread.ts';
import type { Banner, EventType, SessionEvent } from './view.ts';

/** Events of one kind closer than this are one. */
const mergeMs = 2000;
/** A thread that is silent for longer is told of, within two seconds of its last word. */
const silentNs = 1.75e9;
/** Main looks several times as often. Where it did not, it was held up itself, and threads have been as well, perhaps. */
const heldUpNs = 1e9;

type ClientErrorEvent = Extract<ClientEvent, { readonly kind: 'error' }>;
type Place = PartitionTable[number];

/** Place of a partition index; producers and consumers may have partitions of different topics. */
type PartitionAt = (index: number, role: LoadThread['role']) => Place | undefined;

type Teller = Pick<LoadThread, 'name' | 'role'>;

interface Burst {
  event: SessionEvent;
  readonly code: string;
  readonly kind: 'count' | 'retried';
  /** Messages that the error had struck before. */
  readonly before: number;
}

export class LoadWatch {
  readonly errors = new ErrorBook();
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #lastTold = new Map<string, number>();
  readonly #away = new Map<string, number>();
  readonly #silent = new Set<number>();
  #lookedNs = Number.NEGATIVE_INFINITY;
  /** The last burst of each kind of error. */
  readonly #bursts = new Map<string, Burst>();
  readonly #partitionAt: PartitionAt;
  #lastTrouble: string | null = null;
  /** Messages are being missed: how many since that was told. */
  #missing: { readonly sinceMs: number; more: number; lastMs: number } | null = null;

  constructor(log: EventLog, clock: Clock, partitionAt: PartitionAt) {
    this.#log = log;
    this.#clock = clock;
    this.#partitionAt = partitionAt;
  }

  /** The last thing that went wrong, in a few words; null: nothing has. */
  get lastTrouble(): string | null {
    return this.#lastTrouble;
  }

  banner(): Banner[] | null {
    if (this.#away.size === 0) return null;
    return [{ kind: 'cluster-away', text: `NO CONNECTION TO ${[...this.#away.keys()].join(', ')}` }];
  }

  report(thread: Teller, report: Report): void {
    switch (report.kind) {
      case 'event':
        this.#clientEvent(thread, report.event, this.#clock.toUnixMs(report.atNs));
        return;
      case 'failed-batches': {
        const name = errorName(report.errorCode);
        const partition = this.#partitionName(report.partitionIndex, thread.role);
        this.#lastTrouble = name;
        this.#tell(
          `failed ${name}`,
          this.#clock.toUnixMs(report.atNs),
          'error',
          `${plural(report.messages, 'message')} ${report.fate}: ${name} in ${partition}`,
          { code: name, partition, count: report.messages, fate: report.fate },
        );
        return;
      }
      case 'errors':
        this.errors.take(thread.name, report.tallies);
        this.#concludeBursts();
        return;
      case 'missed':
        this.#lastTrouble = 'messages missed';
        this.#noteMissed(report.messages, this.#clock.toUnixMs(report.atNs));
        return;
      case 'ready':
      case 'done':
      case 'refused':
      case 'probe-seen':
      case 'probe-refused':
      case 'crashed':
        return;
      default:
        report satisfies never;
    }
  }

  /** Tells how many more messages were missed once that has been over for a while; `atOnce`: at the end of the run. */
  settle(nowNs: number, atOnce = false): void {
    const missing = this.#missing;
    if (missing === null || (!atOnce && this.#clock.toUnixMs(nowNs) - missing.lastMs <= mergeMs)) return;
    this.#missing = null;
    const { more, sinceMs, lastMs } = missing;
    if (more === 0) return;
    const message = `${wholeNumber(more)} more messages missed in ${((lastMs - sinceMs) / 1000).toFixed(0)} s`;
    this.#log.add(lastMs, 'missed', message, { count: more });
  }

  /** Notes threads that have fallen silent, and those that are back. Answers the silent ones, with how long they are. */
  heartbeats<Thread extends Pick<LoadThread, 'number' | 'name' | 'dead'>>(
    threads: readonly Thread[],
    beats: ReadonlyMap<number, number>,
    nowNs: number,
  ): readonly { readonly thread: Thread; readonly silentForNs: number }[] {
    const heldUp = nowNs - this.#lookedNs > heldUpNs;
    this.#lookedNs = nowNs;
    if (heldUp) return [];
    return threads.flatMap((thread) => {
      const { number, name, dead } = thread;
      const beat = beats.get(number) ?? 0;
      const silentForNs = nowNs - beat;
      const silent = !dead && beat > 0 && silentForNs > silentNs;
      if (silent && !this.#silent.has(number)) {
        this.#silent.add(number);
        this.#log.add(Date.now(), 'thread', `${name} does not answer`, { thread: name }, true);
      } else if (!silent && this.#silent.delete(number) && !dead) {
        this.#log.add(Date.now(), 'thread', `${name} answers again`, { thread: name });
      }
      return silent ? [{ thread, silentForNs }] : [];
    });
  }

  /** An outage makes threads miss messages once a second, for as long as it lasts. */
  #noteMissed(messages: number, timeMs: number): void {
    if (this.#missing !== null) {
      this.#missing.more += messages;
      this.#missing.lastMs = Math.max(this.#missing.lastMs, timeMs);
      return;
    }
    this.#missing = { sinceMs: timeMs, more: 0, lastMs: timeMs };
    const message = `${wholeNumber(messages)} messages missed: older than --max-behind before they could be sent`;
    this.#log.add(timeMs, 'missed', message, { count: messages });
  }

  #clientEvent(thread: Teller, event: ClientEvent, timeMs: number): void {
    switch (event.kind) {
      case 'disconnected':
        this.#away.set(event.address, event.brokerId);
        this.#lastTrouble = `no connection to ${event.address}: ${event.reason}`;
        this.#tell(
          `disconnected ${event.brokerId}`,
          timeMs,
          'disconnect',
          `broker ${event.brokerId} (${event.address}) is away: ${event.reason}`,
          {
            broker: event.brokerId,
            thread: thread.name,
          },
        );
        return;
      case 'reconnected':
        if (!this.#away.delete(event.address)) return;
        this.#tell(
          `reconnected ${event.brokerId}`,
          timeMs,
          'reconnect',
          `broker ${event.brokerId} (${event.address}) is back`,
          {
            broker: event.brokerId,
            thread: thread.name,
          },
        );
        return;
      case 'leader-moved':
        // Every thread sees a move, and each move is an event.
        this.#tell(
          `leader ${this.#partitionName(event.partitionIndex, thread.role)} ${event.to}`,
          timeMs,
          'leader',
          `${this.#partitionName(event.partitionIndex, thread.role)}: leader ${event.from} → ${event.to}`,
          {
            partitionIndex: event.partitionIndex,
            from: event.from,
            to: event.to,
          },
        );
        return;
      case 'login-renewed': {
        const { brokerId, tookMs } = event;
        // Where there are many connections one is always renewed: as a burst that would have no end, and be told once.
        if (timeMs - (this.#lastTold.get('login-renewed') ?? Number.NEGATIVE_INFINITY) < mergeMs) return;
        const message = `logins are renewed: at broker ${brokerId} in ${tookMs.toFixed(1)} ms`;
        this.#tell('login-renewed', timeMs, 'login', message, { broker: brokerId, tookMs });
        return;
      }
      case 'throttled':
        this.#lastTrouble = 'throttled by a quota';
        this.#tell(
          `throttled ${event.brokerId}`,
          timeMs,
          'throttle',
          `broker ${event.brokerId} throttles us by ${event.throttleMs} ms`,
          {
            broker: event.brokerId,
            throttleMs: event.throttleMs,
          },
        );
        return;
      case 'error':
        this.#lastTrouble = event.message;
        this.#clientError(thread, event, timeMs);
        return;
      case 'producer-id':
        this.#tell('producer-id', timeMs, 'info', event.message, {});
        return;
      case 'truncated':
        this.#tell(
          `truncated ${this.#partitionName(event.partitionIndex, thread.role)}`,
          timeMs,
          'warning',
          `${this.#partitionName(event.partitionIndex, thread.role)} was truncated: position ${event.from} → ${event.to}`,
          {
            partitionIndex: event.partitionIndex,
            from: event.from,
            to: event.to,
          },
        );
        return;
      default:
        event satisfies never;
    }
  }

  #clientError(
    thread: Teller,
    { errorCode, partitionIndex, messages, message }: ClientErrorEvent,
    timeMs: number,
  ): void {
    const code = errorName(errorCode);
    if (messages === 0) {
      this.#tell(`error ${errorCode}`, timeMs, 'error', message, { code, partitionIndex });
      return;
    }
    const partition = this.#partitionName(partitionIndex, thread.role);
    const are = messages === 1 ? 'is' : 'are';
    const text = `${message} in ${partition}: ${plural(messages, 'message')} ${are} sent again`;
    const fields = { code, partition, partitionIndex, count: messages, fate: 'retried' };
    this.#tell(`error ${errorCode}`, timeMs, 'error', text, fields);
  }

  /** `orders-3`. */
  #partitionName(index: number, role: LoadThread['role']): string {
    const place = this.#partitionAt(index, role);
    return place === undefined ? `partition ${index}` : `${place.topic}-${place.partition}`;
  }

  /** A burst of errors is one event, of its first batch: how much it came to is said as it goes on. */
  #concludeBursts(): void {
    for (const burst of this.#bursts.values()) {
      const { event, code, kind, before } = burst;
      const messages = this.errors.messages(code, kind) - before;
      const outcome = `${plural(messages, 'message')} in all`;
      if (messages <= Number(event.fields.count) || outcome === event.outcome) continue;
      burst.event = this.#log.conclude(event, outcome);
    }
  }

  #tell(key: string, timeMs: number, type: EventType, message: string, fields: Record<string, string | number>): void {
    const last = this.#lastTold.get(key) ?? Number.NEGATIVE_INFINITY;
    this.#lastTold.set(key, timeMs);
    // A burst is one event; the counts of the document keep every message of it.
    if (timeMs - last < mergeMs) return;
    const event = this.#log.add(timeMs, type, message, fields, type !== 'info');
    if (typeof fields.code !== 'string' || fields.fate === undefined) return;
    const kind = fields.fate === 'retried' ? 'retried' : 'count';
    this.#bursts.set(key, { event, code: fields.code, kind, before: this.errors.messages(fields.code, kind) });
  }
}
