/**
 * A connection to one broker that comes back by itself: exponential back-off with jitter, a fresh look at the broker's
 * address each time, one event when it is lost and one when it is there again. Time passes only in `poll`.
 */
import { formatAddress } from '../../config/address.ts';
import type { ClientTuning } from '../../config/plan.ts';
import type { ClientEvent } from '../types.ts';
import { backoffMs } from './backoff.ts';
import type { ConnectionSecurity } from './security.ts';
import type { BrokerSocketLike, BrokerSocketOptions, FrameHandler, LeaderDirectory } from './types.ts';

export type SocketFactory = (options: BrokerSocketOptions) => BrokerSocketLike;

export interface BrokerLinkOptions {
  readonly brokerId: number;
  readonly clientId: string;
  readonly security: ConnectionSecurity;
  readonly tuning: ClientTuning;
  readonly directory: LeaderDirectory;
  readonly openSocket: SocketFactory;
  readonly nowNs: () => number;
  readonly onFrame: FrameHandler;
  /** Requests may be written, for the first time or again. */
  readonly onReady: () => void;
  /** What was sent and not answered never will be. */
  readonly onLost: () => void;
  /** Whether anybody needs this broker: an unused connection is neither restored nor missed. */
  readonly isWanted: () => boolean;
  readonly event: (event: ClientEvent) => void;
}

const nsPerMs = 1e6;
/** A start: frames larger than this make the buffer grow. */
const receiveBufferBytes = 65_536;

export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  #socket: BrokerSocketLike | null = null;
  #address = '';
  #attempts = 0;
  #connectAtNs = Number.NEGATIVE_INFINITY;
  /** The operator was told that this broker is away. */
  #missed = false;
  #ownReason: string | null = null;
  #closed = false;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
  }

  get ready(): boolean {
    return this.#socket !== null && this.#socket.state === 'ready';
  }

  /** Connects where that is due. */
  poll(nowNs: number): void {
    if (this.#socket !== null || this.#closed || nowNs < this.#connectAtNs || !this.#options.isWanted()) return;
    const { brokerId, directory, clientId, security } = this.#options;
    const address = directory.broker(brokerId);
    if (address === undefined) {
      this.#backOff(nowNs);
      directory.refresh(`broker ${brokerId} is not known`);
      return;
    }
    this.#address = formatAddress(address);
    const socket = this.#options.openSocket({
      address,
      clientId,
      security,
      receiveBufferBytes,
      onFrame: this.#options.onFrame,
      onReady: () => {
        if (this.#socket === socket) this.#becomeReady();
      },
      onRenewed: (tookMs) => {
        if (this.#socket !== socket) return;
        this.#options.event({ kind: 'login-renewed', brokerId, tookMs });
        this.#options.onReady();
      },
      onClosed: (reason) => {
        if (this.#socket === socket) this.#lose(reason);
      },
    });
    this.#socket = socket;
    socket.connect(this.#missed);
  }

  /** Sends one request; the piece must stay untouched until it is answered. Only while `ready`. */
  write(piece: Uint8Array): void {
    this.#socket?.write([piece]);
  }

  /** The broker answered: the next loss begins with the shortest back-off. */
  answered(): void {
    this.#attempts = 0;
  }

  /** Breaks the connection, which is then restored as after any loss. */
  drop(reason: string): void {
    this.#ownReason = reason;
    this.#socket?.close();
    this.#ownReason = null;
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  #becomeReady(): void {
    const { brokerId, event, onReady } = this.#options;
    if (this.#missed) event({ kind: 'reconnected', brokerId, address: this.#address });
    this.#missed = false;
    onReady();
  }

  #lose(reason: string): void {
    const { brokerId, event, directory, isWanted, nowNs, onLost } = this.#options;
    this.#socket = null;
    onLost();
    if (this.#closed) return;
    this.#backOff(nowNs());
    if (!isWanted()) return;
    if (!this.#missed)
      event({ kind: 'disconnected', brokerId, address: this.#address, reason: this.#ownReason ?? reason });
    this.#missed = true;
    directory.refresh(`lost broker ${brokerId}`);
  }

  #backOff(nowNs: number): void {
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.#options.tuning;
    this.#connectAtNs = nowNs + backoffMs(this.#attempts++, reconnectBackoffMs, reconnectBackoffMaxMs) * nsPerMs;
  }
}
