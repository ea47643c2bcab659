/** How many messages came within a stretch of time that ends now, to the request. */

interface Arrival {
  readonly atMs: number;
  readonly messages: number;
}

export class RecentMessages {
  #arrivals: Arrival[] = [];
  #first = 0;
  #count = 0;
  readonly #windowMs: number;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Notes a request; times never fall. Answers the messages of the stretch, these included. */
  add(atMs: number, messages: number): number {
    this.#arrivals.push({ atMs, messages });
    this.#count += messages;
    for (let oldest = this.#arrivals[this.#first]; oldest !== undefined && oldest.atMs <= atMs - this.#windowMs; ) {
      this.#count -= oldest.messages;
      oldest = this.#arrivals[++this.#first];
    }
    // What is passed is forgotten once it is most of the list.
    if (this.#first > 1024 && this.#first * 2 > this.#arrivals.length) {
      this.#arrivals = this.#arrivals.slice(this.#first);
      this.#first = 0;
    }
    return this.#count;
  }
}
