/** Probe messages under way: the load begins when consumers have read one from each partition that got one. */
import type { PartitionTable } from '../clients/types.ts';
import { LoadtuiError } from '../errors.ts';
import { errorCodeOf, errorName } from '../protocol/error-names.ts';

const waitMs = 30_000;
const messageTooLarge = 10;
const notEnoughReplicas = 19;
const invalidRequiredAcks = 21;
const topicAuthorizationFailed = 29;

export class Probes {
  readonly #partitions: PartitionTable;
  readonly #unseen = new Set<number>();
  #settle: PromiseWithResolvers<void> = Promise.withResolvers();
  #came: () => void = () => undefined;

  constructor(partitions: PartitionTable) {
    this.#partitions = partitions;
  }

  /**
   * Resolves once all are read. Rejects with PROTOCOL as soon as a broker has refused one for good, and after a while in
   * any case; `lastTrouble` is what was heard of meanwhile. To be called before they are sent.
   */
  async await(partitionIndexes: readonly number[], lastTrouble: () => string | null): Promise<void> {
    this.#settle = Promise.withResolvers();
    for (const index of partitionIndexes) this.#unseen.add(index);
    const timer = setTimeout(() => this.#settle.reject(this.#unread(lastTrouble())), waitMs);
    // Whoever ends the run meanwhile does not wait for it.
    timer.unref();
    try {
      await this.#settle.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The same for at most `forMs`, or until none has come for `quietMs` after one that did, and no fault where some are not
   * read by then. Answers how many were. Rejects as `await` where one is refused.
   */
  async awaitFor(partitionIndexes: readonly number[], forMs: number, quietMs: number): Promise<number> {
    this.#settle = Promise.withResolvers();
    const resolve = (): void => this.#settle.resolve();
    for (const index of partitionIndexes) this.#unseen.add(index);
    const timer = setTimeout(resolve, forMs).unref();
    let quiet = timer;
    this.#came = () => {
      clearTimeout(quiet);
      quiet = setTimeout(resolve, quietMs).unref();
    };
    try {
      await this.#settle.promise;
    } finally {
      this.#came = () => undefined;
      for (const one of [timer, quiet]) clearTimeout(one);
    }
    return partitionIndexes.length - this.#unseen.size;
  }

  saw(partitionIndex: number): void {
    if (!this.#unseen.delete(partitionIndex)) return;
    this.#came();
    if (this.#unseen.size === 0) this.#settle.resolve();
  }

  refused(partitionIndex: number, errorCode: number): void {
    const message = `the first message to ${this.#nameOf(partitionIndex)} was refused: ${errorName(errorCode)}`;
    const next = adviceOn(errorCode) ?? "The broker's own log says why.";
    this.#settle.reject(new LoadtuiError(message, { code: 'PROTOCOL', fault: 'cluster', next }));
  }

  #unread(lastTrouble: string | null): LoadtuiError {
    const [first] = this.#unseen;
    const where = first === undefined ? '' : ` (first: ${this.#nameOf(first)})`;
    const heard = lastTrouble === null ? '' : `; last heard of: ${lastTrouble}`;
    return new LoadtuiError(
      `no consumer has read the probe message of ${this.#unseen.size} of ${this.#partitions.length} partitions` +
        `${where} within ${waitMs / 1000} s${heard}`,
      {
        code: 'PROTOCOL',
        fault: 'cluster',
        next:
          adviceOn(errorCodeOf(lastTrouble ?? '')) ??
          'Check that the leaders of these partitions are up, and that this user may read the topic.',
      },
    );
  }

  #nameOf(partitionIndex: number): string {
    const partition = this.#partitions[partitionIndex];
    return partition === undefined ? '?' : `${partition.topic} partition ${partition.partition}`;
  }
}

/** What to do about an error of Kafka's; null: nothing that is known beforehand. */
function adviceOn(errorCode: number | null): string | null {
  switch (errorCode) {
    case messageTooLarge:
      return "Make --message-size smaller, or the topic's max.message.bytes larger.";
    case notEnoughReplicas:
      return "Bring the partition's replicas back in sync (min.insync.replicas), or do without them by --acks 1.";
    case invalidRequiredAcks:
      return 'This cluster does not take the number of --acks: choose another.';
    case topicAuthorizationFailed:
      return 'This user needs the right to write to the topic.';
    default:
      return null;
  }
}
