/** How many messages came within the last second, to the request. */

const windowMs = 1000;

interface Arrival {
  readonly atMs: number;
  readonly messages: number;
}

export class RecentMessages {
  #arrivals: Arrival[] = [];
  #first = 0;
  #count = 0;

  /** Notes a request; times never fall. Answers the messages of the last second, these included. */
  add(atMs: number, messages: number): number {
    this.#arrivals.push({ atMs, messages });
    this.#count += messages;
    for (let oldest = this.#arrivals[this.#first]; oldest !== undefined && oldest.atMs <= atMs - windowMs; ) {
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
