import { RecentMessages } from './recent-messages.ts';
import { isInstant, type ServedRequest, type ServiceState, serve, startOfService } from './service-model.ts';
import type { Timeline } from './timeline.ts';
import type { ServiceModel } from './types.ts';

/** The running service model: one queue for all brokers of the sandbox, so that its capacity is one known number. */
export class ServiceDesk {
  readonly #timeline: Timeline;
  #model: ServiceModel;
  #state: ServiceState;
  readonly #recent = new RecentMessages();

  constructor(model: ServiceModel, timeline: Timeline) {
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
}
