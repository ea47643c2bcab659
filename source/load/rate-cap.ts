/**
 * How many messages an unthrottled producer may send under `--max-rate`. It saves a hundredth of a second at most: what a
 * full client left unused is not caught up on, so that no second has much more than the cap.
 */
const mostSavedNs = 10e6;

export class RateCap {
  readonly #rateHz: number;
  #untilNs = Number.NEGATIVE_INFINITY;
  #left = 0;

  /** `rateHz` of all producers together. */
  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** Whole messages that one of so many producers may send at `nowNs`, which never falls. */
  room(nowNs: number, producers: number): number {
    const shareHz = this.#rateHz / producers;
    const elapsedNs = Math.min(mostSavedNs, nowNs - this.#untilNs);
    this.#untilNs = nowNs;
    const most = Math.max(1, (shareHz * mostSavedNs) / 1e9);
    this.#left = Math.min(most, this.#left + (shareHz * elapsedNs) / 1e9);
    return Math.floor(this.#left);
  }

  take(messages: number): void {
    this.#left -= messages;
  }
}
