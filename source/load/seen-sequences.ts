/**
 * Which sequence numbers of one producer and partition were seen, in whatever order they come: a bit each, in chunks that
 * are given back once all of theirs have come. Exact as long as the pool has room for the chunks that are not full; beyond
 * that the oldest is closed, and what had not come of it counts as missing for good.
 */
const chunkWords = 128;
/** Sequence numbers in a chunk. */
export const chunkSpan = chunkWords * 32;
/** Chunks of a pool: 128 MiB, a billion messages. */
const mostChunks = 262_144;

interface Chunk {
  readonly bits: Uint32Array;
  seen: number;
}

/** As plain data: what a thread tells of it in the end. */
export interface SeenState {
  readonly producerId: number;
  readonly partitionIndex: number;
  /** Chunks below this were all seen, or closed. */
  readonly firstChunk: number;
  /** By number; null: all of it was seen, or it was closed. Of those that are not here nothing was seen. */
  readonly chunks: ReadonlyMap<number, Uint32Array | null>;
  /** By number, of chunks that were closed early: what had not come. */
  readonly closed: ReadonlyMap<number, number>;
}

/** Memory of all sequences of a thread. */
export class ChunkPool {
  readonly #most: number;
  readonly #free: Chunk[] = [];
  #out = 0;

  constructor(most = mostChunks) {
    this.#most = most;
  }

  get isUsedUp(): boolean {
    return this.#out >= this.#most;
  }

  take(): Chunk {
    this.#out++;
    return this.#free.pop() ?? { bits: new Uint32Array(chunkWords), seen: 0 };
  }

  giveBack(chunk: Chunk): void {
    this.#out--;
    if (this.#free.length >= 64) return;
    chunk.bits.fill(0);
    chunk.seen = 0;
    this.#free.push(chunk);
  }
}

export class SeenSequences {
  readonly #pool: ChunkPool;
  #firstChunk = 0;
  readonly #chunks = new Map<number, Chunk | null>();
  readonly #closed = new Map<number, number>();
  /** The chunk that was looked at last: most messages come to the same. */
  #lastNumber = -1;
  #last: Chunk | null = null;

  constructor(pool: ChunkPool) {
    this.#pool = pool;
  }

  /** Takes one sequence number; false: it was seen before. */
  see(sequence: number): boolean {
    const number = Math.floor(sequence / chunkSpan);
    if (number !== this.#lastNumber) {
      this.#last = this.#chunkOf(number);
      this.#lastNumber = number;
    }
    const chunk = this.#last;
    if (chunk === null) return false;
    const at = sequence - number * chunkSpan;
    const word = chunk.bits[at >>> 5] ?? 0;
    const bit = 1 << (at & 31);
    if ((word & bit) !== 0) return false;
    chunk.bits[at >>> 5] = word | bit;
    if (++chunk.seen === chunkSpan) this.#release(number, chunk);
    return true;
  }

  state(producerId: number, partitionIndex: number): SeenState {
    const chunks = new Map([...this.#chunks].map(([number, chunk]) => [number, chunk?.bits.slice() ?? null]));
    return { producerId, partitionIndex, firstChunk: this.#firstChunk, chunks, closed: new Map(this.#closed) };
  }

  #chunkOf(number: number): Chunk | null {
    if (number < this.#firstChunk) return null;
    const known = this.#chunks.get(number);
    if (known !== undefined) return known;
    if (this.#pool.isUsedUp) this.#closeOldest();
    const fresh = this.#pool.take();
    this.#chunks.set(number, fresh);
    return fresh;
  }

  #release(number: number, chunk: Chunk): void {
    this.#pool.giveBack(chunk);
    this.#chunks.set(number, null);
    if (this.#lastNumber === number) this.#last = null;
    while (this.#chunks.get(this.#firstChunk) === null) this.#chunks.delete(this.#firstChunk++);
  }

  #closeOldest(): void {
    for (const [number, chunk] of this.#chunks) {
      if (chunk === null) continue;
      this.#closed.set(number, chunkSpan - chunk.seen);
      this.#release(number, chunk);
      return;
    }
  }
}

/** What was seen, to be counted. */
export interface CountedSequences {
  readonly producerId: number;
  readonly partitionIndex: number;
  /** Of chunks that were closed early: they are among those not seen. */
  readonly overflow: number;
  /** How many different ones of [from, to) were seen. */
  countIn(from: number, to: number): number;
}

export function countedSequences(state: SeenState): CountedSequences {
  const { producerId, partitionIndex, closed } = state;
  const overflow = [...closed.values()].reduce((sum, unseen) => sum + unseen, 0);
  return { producerId, partitionIndex, overflow, countIn: (from, to) => countIn(state, from, to) };
}

/** Of a chunk that was closed early only a number is known: what came of it is taken to be spread evenly. */
function countIn({ firstChunk, chunks, closed }: SeenState, from: number, to: number): number {
  let count = 0;
  for (let start = from; start < to; ) {
    const number = Math.floor(start / chunkSpan);
    const chunkStart = number * chunkSpan;
    const end = Math.min(to, chunkStart + chunkSpan);
    const chunk = number < firstChunk ? null : chunks.get(number);
    if (chunk === null) count += Math.round((end - start) * (1 - (closed.get(number) ?? 0) / chunkSpan));
    else if (chunk !== undefined) count += bitsIn(chunk, start - chunkStart, end - chunkStart);
    start = end;
  }
  return count;
}

function bitsIn(bits: Uint32Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; ) {
    const wordEnd = Math.min(to, (at | 31) + 1);
    const wanted = wordEnd - at === 32 ? -1 : ((1 << (wordEnd - at)) - 1) << (at & 31);
    count += bitCount((bits[at >>> 5] ?? 0) & wanted);
    at = wordEnd;
  }
  return count;
}

/** Ones of a 32-bit word: sums of pairs, of nibbles, of bytes. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
