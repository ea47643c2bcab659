/** The producer id of one producer: fetched when first needed, and again when its epochs are used up. */
import { messageOf } from '../../errors.ts';
import type { ProducerState } from './batch.ts';

/** After an attempt that failed for good (not authorised, say), the next one waits this long. */
const retryAfterNs = 1e9;

export interface IdentityParts {
  /** Retries what can be retried; rejects with LoadtuiError. */
  readonly request: () => Promise<ProducerState>;
  readonly nowNs: () => number;
  /** A new producer id is there. */
  readonly changed: () => void;
  readonly failed: (message: string) => void;
}

export class Identity {
  readonly #parts: IdentityParts;
  #current: ProducerState | null = null;
  #underWay = false;
  #notBeforeNs = Number.NEGATIVE_INFINITY;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  /** null: none yet. */
  get current(): ProducerState | null {
    return this.#current;
  }

  /** Fetches a producer id if there is none. Rejects with LoadtuiError. */
  async ensure(): Promise<void> {
    if (this.#current === null) await this.#renew();
  }

  /** Fetches one soon, if there is none or `anew` is true; may be called again and again. */
  want(anew: boolean): void {
    const { nowNs, failed } = this.#parts;
    if (this.#underWay || (this.#current !== null && !anew) || nowNs() < this.#notBeforeNs) return;
    this.#renew().catch((error: unknown) => {
      this.#notBeforeNs = nowNs() + retryAfterNs;
      failed(messageOf(error));
    });
  }

  async #renew(): Promise<void> {
    this.#underWay = true;
    try {
      this.#current = await this.#parts.request();
    } finally {
      this.#underWay = false;
    }
    this.#parts.changed();
  }
}
