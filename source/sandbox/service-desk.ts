import { RecentMessages } from './recent-messages.ts';
import { isInstant, type ServedRequest, type ServiceState, serve, startOfService } from './service-model.ts';
import type { Timeline } from './timeline.ts';
import type { ServiceModel } from './types.ts';

/** Kafka's quota looks at eleven samples of a second. */
const quotaWindowMs = 11_000;

/** The running service model: one queue for all brokers of the sandbox, so that its capacity is one known number. */
export class ServiceDesk {
  readonly #timeline: Pick<Timeline, 'now'>;
  #model: ServiceModel;
  #state: ServiceState;
  readonly #recent = new RecentMessages(1000);

  readonly #quotaWindow = new RecentMessages(quotaWindowMs);
  #fetchFreeAtMs = 0;

  constructor(model: ServiceModel, timeline: Pick<Timeline, 'now'>) {
    this.#model = model;
    this.#state = startOfService(model.seed);
    this.#timeline = timeline;
  }

  /** A change holds for what comes from now on; a new seed starts the random numbers again. */
  change(changes: Partial<ServiceModel>): void {
    this.#model = { ...this.#model, ...changes };
    if (changes.seed !== undefined) this.#state = { ...this.#state, random: changes.seed | 0 };
  }

  /** null: finished and answered now. */
  serve(messages: number, bytes: number): ServedRequest | null {
    if (messages === 0 || isInstant(this.#model)) return null;
    const nowMs = this.#timeline.now();
    const recent = this.#recent.add(nowMs, messages);
    const served = serve(this.#model, this.#state, nowMs, messages, bytes, recent);
    this.#state = served.state;
    return served;
  }

  /**
   * How long a connection is muted that has just produced, by the quota: as long as the rate of the last eleven seconds needs
   * to fall to it. 0: not at all.
   */
  throttleMs(messages: number): number {
    const { quotaMessagesPerSecond: quota } = this.#model;
    if (quota === null || messages === 0) return 0;
    const rate = (this.#quotaWindow.add(this.#timeline.now(), messages) * 1000) / quotaWindowMs;
    return rate <= quota ? 0 : Math.min(quotaWindowMs, Math.round((rate / quota - 1) * quotaWindowMs));
  }

  /** When readers get so many records; null: now. */
  serveFetch(records: number): number | null {
    const { fetchMessagesPerSecond: capacity } = this.#model;
    if (capacity === null || records === 0) return null;
    this.#fetchFreeAtMs = Math.max(this.#timeline.now(), this.#fetchFreeAtMs) + (records * 1000) / capacity;
    return this.#fetchFreeAtMs;
  }

  /** Readers are served no faster than so much a second. */
  get limitsReaders(): boolean {
    return this.#model.fetchMessagesPerSecond !== null;
  }
}
