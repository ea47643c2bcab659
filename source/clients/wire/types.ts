/** What the parts of the wire client know of each other. */
import type { ConnectionSecurity } from './security.ts';

/** State of a broker socket; a plain listener passes through TLS and SASL at once. */
export type SocketState = 'idle' | 'connecting' | 'tls' | 'sasl' | 'asking' | 'ready' | 'reauthenticating' | 'closed';

export interface BrokerAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** One frame that came in: `bytes[start, end)` without its length prefix, valid only during the call. */
export type FrameHandler = (bytes: Buffer, view: DataView, start: number, end: number) => void;

export interface BrokerSocketOptions {
  readonly address: BrokerAddress;
  readonly clientId: string;
  readonly security: ConnectionSecurity;
  /** First size of the buffer that frames are put together in; it grows to the largest one. */
  readonly receiveBufferBytes: number;
  readonly onFrame: FrameHandler;
  readonly onReady: () => void;
  /** A login was renewed while the connection was in use; nothing could be written for so long. */
  readonly onRenewed?: (tookMs: number) => void;
  /** The socket closed or could not be opened, by `cause` where there was an error. Called once for each `connect`. */
  readonly onClosed: (reason: string, cause?: Error) => void;
}

/** A socket of our own for Produce or Fetch: connect → tls → sasl → ready → re-authenticate. */
export interface BrokerSocketLike {
  readonly state: SocketState;
  /** `asking`: ready once the broker has answered a request, and not before. A kernel takes connections for a process that stands still. */
  connect(asking?: boolean): void;
  /** Sends several pieces as one write. The pieces must stay untouched until `written`, if given, is called. */
  write(pieces: readonly Uint8Array[], written?: () => void): void;
  /** Bytes accepted and not yet in the kernel. */
  readonly queuedBytes: number;
  close(): void;
}

/** Who leads what, shared by all clients of a thread. */
export interface LeaderDirectory {
  /** Loads metadata for the partition table; retries inside, rejects with LoadtuiError. */
  start(): Promise<void>;
  /** Broker id, or −1 while nobody leads. */
  leaderOf(partitionIndex: number): number;
  /** −1 where unknown. */
  leaderEpochOf(partitionIndex: number): number;
  broker(brokerId: number): BrokerAddress | undefined;
  /** Asks for fresh metadata soon; calls are merged and backed off. */
  refresh(reason: string): void;
  /** Called after each change of leaders or brokers. Answers an unsubscribe function. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}
