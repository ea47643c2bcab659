/**
 * Accounting of messages that went through somebody else's processor: what came of each producer and *input* partition,
 * in whatever partition of the output it is read. All consumers of a run share one of these, so that none of them takes
 * for a gap what another one has read.
 *
 * Order is a matter of one partition: a message is reordered where, in the same partition of the output, a later one of its
 * producer and input partition was read before.
 */
import { ChunkPool, SeenSequences, type SeenState } from './seen-sequences.ts';
import type { Sighting } from './sequence-tracker.ts';

export class PipelineSequences {
  readonly #pool = new ChunkPool();
  /** By producer id, then input partition. */
  readonly #seen: (SeenSequences | undefined)[][] = [];
  /** Highest sequence number read by producer id, then output partition, then input partition. */
  readonly #highest: ((number | undefined)[] | undefined)[][] = [];

  /** Takes a message of `input` that was read in `output`. */
  see(producerId: number, input: number, output: number, sequence: number): Exclude<Sighting, 'gap'> {
    if (!this.#seenOf(producerId, input).see(sequence)) return 'duplicate';
    const highest = this.#highestOf(producerId, output);
    const before = highest[input] ?? -1;
    if (sequence < before) return 'reordered';
    highest[input] = sequence;
    return 'in-order';
  }

  states(): readonly SeenState[] {
    return this.#seen.flatMap((inputs, producerId) =>
      inputs.flatMap((seen, input) => (seen === undefined ? [] : [seen.state(producerId, input)])),
    );
  }

  #seenOf(producerId: number, input: number): SeenSequences {
    const known = this.#seen[producerId]?.[input];
    if (known !== undefined) return known;
    const inputs = this.#seen[producerId] ?? [];
    this.#seen[producerId] = inputs;
    const fresh = new SeenSequences(this.#pool);
    inputs[input] = fresh;
    return fresh;
  }

  #highestOf(producerId: number, output: number): (number | undefined)[] {
    const known = this.#highest[producerId]?.[output];
    if (known !== undefined) return known;
    const outputs = this.#highest[producerId] ?? [];
    this.#highest[producerId] = outputs;
    const fresh: (number | undefined)[] = [];
    outputs[output] = fresh;
    return fresh;
  }
}
