import { errorCode } from './protocol/error-codes.ts';

/** What a consumer wants of one partition. */
export interface FetchPartition {
  readonly topic: string;
  readonly index: number;
  readonly offset: number;
  readonly maxBytes: number;
  /** −1: not said. */
  readonly leaderEpoch: number;
}

/** What the session's consumer was told last about a partition. */
export interface SessionPartition {
  wanted: FetchPartition;
  highWatermark: number;
  logStartOffset: number;
}

const mostSessions = 1000;
const firstEpoch = 1;

/** Fetch session (KIP-227): the broker remembers the partitions, the consumer sends changes, answers hold what is new. */
export class FetchSession {
  readonly id: number;
  /** The epoch of the next request. */
  epoch = firstEpoch;
  /** In the order in which they are served: those that got data go to the end. */
  readonly partitions = new Map<string, SessionPartition>();

  constructor(id: number) {
    this.id = id;
  }

  add(wanted: FetchPartition): void {
    const key = keyOf(wanted.topic, wanted.index);
    const known = this.partitions.get(key);
    if (known === undefined) this.partitions.set(key, { wanted, highWatermark: -1, logStartOffset: -1 });
    else known.wanted = wanted;
  }

  forget(topic: string, index: number): void {
    this.partitions.delete(keyOf(topic, index));
  }

  moveToEnd(partition: SessionPartition): void {
    const key = keyOf(partition.wanted.topic, partition.wanted.index);
    this.partitions.delete(key);
    this.partitions.set(key, partition);
  }
}

function keyOf(topic: string, index: number): string {
  return `${topic}/${index}`;
}

export type SessionLookUp =
  | { readonly kind: 'none' }
  | { readonly kind: 'new'; readonly session: FetchSession }
  | { readonly kind: 'incremental'; readonly session: FetchSession }
  | { readonly kind: 'refused'; readonly errorCode: number };

/** One broker's fetch sessions. The oldest goes when there are too many. */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>();
  #nextId = 1;

  /** Epoch −1 ends a session (or never had one), 0 opens one, anything else goes on with one. */
  lookUp(id: number, epoch: number): SessionLookUp {
    if (epoch <= 0) {
      this.#sessions.delete(id);
      return epoch < 0 ? { kind: 'none' } : { kind: 'new', session: this.#open() };
    }
    const session = this.#sessions.get(id);
    if (session === undefined) return { kind: 'refused', errorCode: errorCode.fetchSessionIdNotFound };
    if (session.epoch !== epoch) return { kind: 'refused', errorCode: errorCode.invalidFetchSessionEpoch };
    session.epoch = epoch === 0x7fff_ffff ? firstEpoch : epoch + 1;
    return { kind: 'incremental', session };
  }

  #open(): FetchSession {
    if (this.#sessions.size >= mostSessions) {
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest);
        break;
      }
    }
    const session = new FetchSession(this.#nextId++);
    this.#sessions.set(session.id, session);
    return session;
  }
}
