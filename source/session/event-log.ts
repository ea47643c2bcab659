/** The session's event log: bounded, in order of time, with numbered marks for what belongs into the charts. */
import type { EventType, SessionEvent } from './view.ts';

const capacity = 10_000;

export type EventFields = SessionEvent['fields'];

export class EventLog {
  #events: SessionEvent[] = [];
  #marks = 0;
  readonly #listeners: ((event: SessionEvent) => void)[] = [];
  readonly #outcomeListeners: ((before: SessionEvent, now: SessionEvent) => void)[] = [];

  /** Called with every new event; what came of it is known later. */
  onEvent(listener: (event: SessionEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Called when it is known what came of an event: the event as it was, and as the log has it now. */
  onOutcome(listener: (before: SessionEvent, now: SessionEvent) => void): void {
    this.#outcomeListeners.push(listener);
  }

  add(timeMs: number, type: EventType, message: string, fields: EventFields = {}, marked = false): SessionEvent {
    const event: SessionEvent = { timeMs, type, message, outcome: null, mark: marked ? ++this.#marks : null, fields };
    this.#insert(event);
    if (this.#events.length > capacity) this.#events = this.#events.slice(-capacity);
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** A change is noted ahead of its moment: what happens before that moment comes later and stands before it. */
  #insert(event: SessionEvent): void {
    let at = this.#events.length;
    while (at > 0 && (this.#events[at - 1]?.timeMs ?? 0) > event.timeMs) at--;
    this.#events.splice(at, 0, event);
  }

  /** Notes what came of an event. Answers the event as the log has it now. */
  conclude(event: SessionEvent, outcome: string): SessionEvent {
    const concluded = { ...event, outcome };
    const at = this.#events.lastIndexOf(event);
    if (at >= 0) this.#events[at] = concluded;
    for (const listener of this.#outcomeListeners) listener(event, concluded);
    return concluded;
  }

  get events(): readonly SessionEvent[] {
    return this.#events;
  }

  /** The newest `count` events, newest last. */
  newest(count: number): readonly SessionEvent[] {
    return this.#events.slice(-count);
  }
}
