/** One Produce request from its first byte to its answer. Reused; only the buffer for small batches is its own. */
import type { Acks } from '../../config/plan.ts';
import type { Batch } from './batch.ts';
import { empty } from './lists.ts';
import type { ProduceEncoder } from './produce-request.ts';

/** Several small batches are copied together up to this size: cheaper than many small writes. */
const copyUpToBytes = 65_536;

export interface BatchPlaces {
  readonly encoder: ProduceEncoder;
  readonly topicOf: (batch: Batch) => Buffer;
  readonly partitionOf: (batch: Batch) => number;
}

export class RequestInFlight {
  readonly batches: Batch[] = [];
  correlationId = 0;
  acks: Acks = 1;
  /** When its connection is given up for lack of an answer. */
  deadlineNs = 0;
  readonly #starts: number[] = [];
  readonly #pieces: Buffer[] = [];
  #together: Buffer = Buffer.alloc(0);

  /** Bytes to be written, in pieces, for the batches that were added. Good until the request is used again. */
  encode(places: BatchPlaces): readonly Buffer[] {
    const { batches } = this;
    const { encoder, topicOf, partitionOf } = places;
    this.acks = batches[0]?.acks ?? 1;
    const size = encoder.encode(batches, topicOf, partitionOf, this.correlationId, this.acks, this.#starts);
    const pieces = this.#pieces;
    empty(pieces);
    if (batches.length > 1 && size <= copyUpToBytes) {
      pieces.push(this.#copyTogether(size));
      return pieces;
    }
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[i];
      if (batch === undefined) continue;
      pieces.push(batch.piece(this.#starts[i] ?? 0));
      if (batch.packed !== null) pieces.push(batch.packed);
    }
    return pieces;
  }

  #copyTogether(size: number): Buffer {
    if (this.#together.length < size) this.#together = Buffer.allocUnsafeSlow(copyUpToBytes);
    let at = 0;
    for (let i = 0; i < this.batches.length; i++) {
      const batch = this.batches[i];
      if (batch === undefined) continue;
      at += batch.bytesOf.copy(this.#together, at, this.#starts[i] ?? 0, batch.end);
      if (batch.packed !== null) at += batch.packed.copy(this.#together, at);
    }
    return this.#together.subarray(0, at);
  }
}
