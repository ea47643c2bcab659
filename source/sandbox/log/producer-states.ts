import { readInt64 } from '../../protocol/int64.ts';
import { errorCode } from '../protocol/error-codes.ts';
import { batchField } from './record-batch.ts';

/** As Kafka: so many batches of each producer are remembered, which is why at most five may be in flight. */
const rememberedBatches = 5;
/** Beyond it the producer seen first is forgotten. */
const rememberedProducers = 10_000;
const sequenceModulus = 2 ** 31;

interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
}

interface ProducerState {
  epoch: number;
  readonly batches: RememberedBatch[];
}

/** What is to be done with a batch: store it, answer as the first time, or refuse it. */
export type SequenceCheck =
  | { readonly kind: 'new' }
  | { readonly kind: 'duplicate'; readonly baseOffset: number }
  | { readonly kind: 'refused'; readonly errorCode: number };

const isNew: SequenceCheck = { kind: 'new' };
const outOfOrder: SequenceCheck = { kind: 'refused', errorCode: errorCode.outOfOrderSequenceNumber };
const oldEpoch: SequenceCheck = { kind: 'refused', errorCode: errorCode.invalidProducerEpoch };

/** One partition's memory of idempotent producers. Batches of producer id −1 pass through it. */
export class ProducerStates {
  readonly #producers = new Map<number, ProducerState>();

  /** A producer that the partition has never seen may begin with any sequence number, as in Kafka. */
  check(bytes: Buffer, at: number): SequenceCheck {
    const producerId = readInt64(bytes, at + batchField.producerId);
    if (producerId < 0) return isNew;
    const state = this.#producers.get(producerId);
    if (state === undefined) return isNew;
    const epoch = bytes.readInt16BE(at + batchField.producerEpoch);
    const first = bytes.readInt32BE(at + batchField.baseSequence);
    if (epoch < state.epoch) return oldEpoch;
    if (epoch > state.epoch) return first === 0 ? isNew : outOfOrder;
    const last = lastSequence(bytes, at);
    for (const batch of state.batches) {
      if (batch.firstSequence === first && batch.lastSequence === last) {
        return { kind: 'duplicate', baseOffset: batch.baseOffset };
      }
    }
    const previous = state.batches.at(-1);
    if (previous === undefined) return isNew;
    return first === (previous.lastSequence + 1) % sequenceModulus ? isNew : outOfOrder;
  }

  /** Call after a `new` batch was stored at `baseOffset`. */
  remember(bytes: Buffer, at: number, baseOffset: number): void {
    const producerId = readInt64(bytes, at + batchField.producerId);
    if (producerId < 0) return;
    const epoch = bytes.readInt16BE(at + batchField.producerEpoch);
    let state = this.#producers.get(producerId);
    if (state === undefined) {
      this.#forgetOne();
      state = { epoch, batches: [] };
      this.#producers.set(producerId, state);
    }
    if (state.epoch !== epoch) {
      state.epoch = epoch;
      state.batches.length = 0;
    }
    if (state.batches.length === rememberedBatches) state.batches.shift();
    state.batches.push({
      firstSequence: bytes.readInt32BE(at + batchField.baseSequence),
      lastSequence: lastSequence(bytes, at),
      baseOffset,
    });
  }

  #forgetOne(): void {
    if (this.#producers.size < rememberedProducers) return;
    for (const producerId of this.#producers.keys()) {
      this.#producers.delete(producerId);
      return;
    }
  }
}

/** Sequence numbers wrap from 2³¹ − 1 to 0. */
function lastSequence(bytes: Buffer, at: number): number {
  const first = bytes.readInt32BE(at + batchField.baseSequence);
  return (first + bytes.readInt32BE(at + batchField.lastOffsetDelta)) % sequenceModulus;
}
