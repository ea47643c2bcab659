/**
 * How many messages a thread's producers have under way (offered and not answered), integrated over time. It counts; it
 * knows nothing of any message's latency, so that Little's law can hold the latencies against it.
 */
export class UnderWay {
  #messages = 0;
  #integralNs = 0;
  #untilNs = Number.NaN;

  get messages(): number {
    return this.#messages;
  }

  /** Messages were offered at a time, which may lie a little back. */
  enter(count: number, atNs: number): void {
    this.#change(count, atNs);
  }

  /** Messages were answered or given up. */
  leave(count: number, atNs: number): void {
    this.#change(-count, atNs);
  }

  /** Message · ns until `nowNs`, since the first message. */
  integralNs(nowNs: number): number {
    this.#advance(nowNs);
    return this.#integralNs;
  }

  #change(count: number, atNs: number): void {
    this.#advance(atNs);
    this.#integralNs += count * (this.#untilNs - atNs);
    this.#messages += count;
  }

  #advance(toNs: number): void {
    if (Number.isNaN(this.#untilNs)) this.#untilNs = toNs;
    if (toNs <= this.#untilNs) return;
    this.#integralNs += this.#messages * (toNs - this.#untilNs);
    this.#untilNs = toNs;
  }
}
