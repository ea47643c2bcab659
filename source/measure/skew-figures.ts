/**
 * What one producer thread had acknowledged, by partition and by broker: running sums in shared memory. It alone writes,
 * once a batch; main reads whenever it likes.
 */

export const skewFields = ['messages', 'bytes', 'answers', 'roundTripNs'] as const;
export type SkewField = (typeof skewFields)[number];

const fieldCount = skewFields.length;
const at = { messages: 0, bytes: 1, answers: 2, roundTripNs: 3 } as const satisfies Record<SkewField, number>;

/** Clusters with more brokers are known by partition only. */
export const mostBrokers = 256;

export interface SkewBuffer {
  readonly buffer: SharedArrayBuffer;
  readonly partitions: number;
}

export function createSkewBuffer(partitions: number): SkewBuffer {
  const cells = (partitions + mostBrokers) * fieldCount;
  return { buffer: new SharedArrayBuffer((cells + mostBrokers) * 8), partitions };
}

/** Views on a thread's shared memory; the same on both sides. */
export class SkewFigures {
  /** `skewFields` by partition index. */
  readonly byPartition: Float64Array;
  /** `skewFields` by the place of a broker in `#brokers`. */
  readonly #byBroker: Float64Array;
  /** Ids + 1 in the order in which brokers were met; 0: free. */
  readonly #brokers: Float64Array;
  readonly #places = new Map<number, number>();

  constructor({ buffer, partitions }: SkewBuffer) {
    const cells = partitions * fieldCount;
    this.byPartition = new Float64Array(buffer, 0, cells);
    this.#byBroker = new Float64Array(buffer, cells * 8, mostBrokers * fieldCount);
    this.#brokers = new Float64Array(buffer, (cells + mostBrokers * fieldCount) * 8, mostBrokers);
  }

  /** A batch was acknowledged. `roundTripNs`: NaN where nobody answered (acks=0). Once a batch, by the one writer. */
  note(partitionIndex: number, brokerId: number, messages: number, bytes: number, roundTripNs: number): void {
    add(this.byPartition, partitionIndex * fieldCount, messages, bytes, roundTripNs);
    const place = this.#placeOf(brokerId);
    if (place >= 0) add(this.#byBroker, place * fieldCount, messages, bytes, roundTripNs);
  }

  /** Calls back for each broker that is known, with where its `skewFields` begin in `cells`. */
  forEachBroker(visit: (brokerId: number, cells: Float64Array, start: number) => void): void {
    for (let place = 0; place < mostBrokers; place++) {
      const id = this.#brokers[place] ?? 0;
      if (id === 0) return;
      visit(id - 1, this.#byBroker, place * fieldCount);
    }
  }

  /** −1: there is no room for one more. */
  #placeOf(brokerId: number): number {
    const known = this.#places.get(brokerId);
    if (known !== undefined) return known;
    const place = this.#places.size;
    if (brokerId < 0 || place >= mostBrokers) return -1;
    this.#places.set(brokerId, place);
    this.#brokers[place] = brokerId + 1;
    return place;
  }
}

function add(cells: Float64Array, start: number, messages: number, bytes: number, roundTripNs: number): void {
  cells[start + at.messages] = (cells[start + at.messages] ?? 0) + messages;
  cells[start + at.bytes] = (cells[start + at.bytes] ?? 0) + bytes;
  if (Number.isNaN(roundTripNs)) return;
  cells[start + at.answers] = (cells[start + at.answers] ?? 0) + 1;
  cells[start + at.roundTripNs] = (cells[start + at.roundTripNs] ?? 0) + roundTripNs;
}
