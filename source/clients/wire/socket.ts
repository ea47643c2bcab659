/**
 * One connection to a broker: TCP, TLS and a login where they are wanted, then frames. Bytes are read straight into one
 * buffer that grows to the largest frame, so that receiving allocates nothing worth naming and no frame is pieced
 * together from chunks.
 */
import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from 'node:tls';
import { ProtocolWriter } from '../../protocol/protocol-writer.ts';
import { type ConnectionFacts, connectionFacts } from './connection-facts.ts';
import { apiVersionsApi } from './control-apis.ts';
import { ConnectionLogin } from './sasl/connection-login.ts';
import type { SaslExchange } from './sasl/mechanism.ts';
import type { TlsSecurity } from './security.ts';
import type { BrokerSocketLike, BrokerSocketOptions, SocketState } from './types.ts';

/** Kafka's answers are bounded by fetch.max.bytes and one batch; what claims to be larger is no Kafka frame. */
const maxFrameBytes = 2 ** 28 + 2 ** 24;
const lengthBytes = 4;
/** A correlation id is the least that an answer holds. */
const minFrameBytes = 4;
/** Java's socket.connection.setup.timeout.ms. */
const connectTimeoutMs = 10_000;
const waitedFor: Partial<Record<SocketState, string>> = { tls: 'TLS handshake', sasl: 'login', asking: 'answer' };
/** First byte of a TLS alert, where the length of a frame should be. */
const tlsAlert = 0x15;

export class BrokerSocket implements BrokerSocketLike {
  readonly #options: BrokerSocketOptions;
  #state: SocketState = 'idle';
  #socket: Socket | null = null;
  #asking = false;
  #bytes: Buffer;
  #view: DataView;
  /** Bytes received and not yet handed on, from the buffer's start. */
  #filled = 0;
  #login: ConnectionLogin | null = null;

  constructor(options: BrokerSocketOptions) {
    this.#options = options;
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(1024, options.receiveBufferBytes));
    this.#view = viewOf(this.#bytes);
  }

  get state(): SocketState {
    return this.#state;
  }

  /** null: there is no connection. */
  get facts(): ConnectionFacts | null {
    return this.#socket === null ? null : connectionFacts(this.#socket, this.#login?.facts ?? null);
  }

  get queuedBytes(): number {
    return this.#socket === null ? 0 : this.#socket.writableLength;
  }

  /** Opens the connection; does nothing where it is open or being opened. May be called again after `onClosed`. */
  connect(asking = false): void {
    if (this.#socket !== null) return;
    this.#state = 'connecting';
    this.#asking = asking;
    this.#filled = 0;
    const { tls } = this.#options.security;
    const onread: OnReadOpts = {
      buffer: () => (this.#filled === 0 ? this.#bytes : this.#bytes.subarray(this.#filled)),
      callback: (count) => {
        if (socket === this.#socket) this.#received(socket, count);
        return true;
      },
    };
    const { host, port } = this.#options.address;
    const socket: Socket =
      tls === null
        ? connect({ host, port, noDelay: true, keepAlive: true, onread })
        : connectTls(tlsOptions(tls, host, port, onread));
    if (tls !== null) socket.setNoDelay(true).setKeepAlive(true);
    this.#socket = socket;
    socket.setTimeout(connectTimeoutMs, () => {
      const what = waitedFor[this.#state] ?? 'connection';
      this.#fail(socket, `no ${what} within ${connectTimeoutMs / 1000} s`);
    });
    if (tls === null) socket.once('connect', () => this.#authenticate(socket));
    else {
      socket.once('connect', () => {
        if (socket === this.#socket) this.#state = 'tls';
      });
      socket.once('secureConnect', () => this.#authenticate(socket));
    }
    socket.on('error', (error) => this.#fail(socket, error.message, error));
    socket.once('close', () => this.#fail(socket, 'the broker closed the connection'));
  }

  /**
   * Sends several pieces as one write, in the order of the calls. Throws unless ready.
   * `written` is called when the kernel has all of it, and never when the connection broke before that.
   */
  write(pieces: readonly Uint8Array[], written?: () => void): void {
    const socket = this.#socket;
    if (socket === null || this.#state !== 'ready') throw new Error(`write to a socket that is ${this.#state}`);
    const done =
      written === undefined
        ? undefined
        : (error?: Error | null) => {
            if (error === undefined || error === null) written();
          };
    const last = pieces.length - 1;
    if (last > 0) socket.cork();
    for (let i = 0; i < last; i++) socket.write(pieces[i] ?? emptyPiece);
    socket.write(pieces[last] ?? emptyPiece, done);
    if (last > 0) socket.uncork();
  }

  /** Closes at once; what is queued is dropped. `onClosed` is called before this returns. */
  close(reason = 'closed by us'): void {
    if (this.#socket !== null) this.#fail(this.#socket, reason);
    else this.#state = 'closed';
  }

  /** The transport is as secure as is wished; a listener without SASL needs no login. */
  #authenticate(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#state = 'sasl';
    const opened = (): void => {
      if (this.#asking) this.#ask();
      else this.#becomeReady();
    };
    const { login } = this.#options.security;
    if (login === null) opened();
    else this.#logIn(socket, login, opened);
  }

  #logIn(socket: Socket, begin: () => SaslExchange, loggedIn: () => void): void {
    const login = new ConnectionLogin({
      begin,
      clientId: this.#options.clientId,
      send: (frame) => socket.write(frame),
      loggedIn,
      renewing: () => {
        this.#state = 'reauthenticating';
      },
      renewed: (tookMs) => {
        this.#state = 'ready';
        this.#options.onRenewed?.(tookMs);
      },
      failed: (error) => this.#fail(socket, error.message, error),
    });
    this.#login = login;
    login.begin();
  }

  /** Any broker answers this, whatever it is. */
  #ask(): void {
    this.#state = 'asking';
    const question = new ProtocolWriter().int16(apiVersionsApi.key).int16(0).int32(0).string(this.#options.clientId);
    this.#socket?.write(question.frame());
  }

  #becomeReady(): void {
    this.#state = 'ready';
    this.#socket?.setTimeout(0);
    this.#options.onReady();
  }

  #fail(socket: Socket, reason: string, cause?: Error): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#state = 'closed';
    this.#filled = 0;
    this.#login?.close();
    this.#login = null;
    socket.destroy();
    this.#options.onClosed(reason, cause);
  }

  /** Hands on every whole frame, then moves what is left of the next one to the buffer's start. */
  #received(socket: Socket, count: number): void {
    this.#filled += count;
    const bytes = this.#bytes;
    const filled = this.#filled;
    let start = 0;
    let needed = lengthBytes;
    while (filled - start >= lengthBytes) {
      const length = this.#view.getInt32(start);
      if (length < minFrameBytes || length > maxFrameBytes) {
        this.#fail(socket, badLength(bytes, start, length));
        return;
      }
      const end = start + lengthBytes + length;
      if (end > filled) {
        needed = lengthBytes + length;
        break;
      }
      const id = this.#view.getInt32(start + lengthBytes);
      if (this.#login?.takes(id, bytes, start + 2 * lengthBytes, end) !== true) {
        if (this.#state === 'asking') this.#becomeReady();
        else this.#options.onFrame(bytes, this.#view, start + lengthBytes, end);
      }
      if (socket !== this.#socket) return;
      start = end;
    }
    this.#keep(start, needed);
  }

  /** Keeps [start, filled) at the buffer's start, with room for `needed` bytes in all. */
  #keep(start: number, needed: number): void {
    const left = this.#filled - start;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)));
      this.#bytes.copy(larger, 0, start, this.#filled);
      this.#bytes = larger;
      this.#view = viewOf(larger);
    } else if (left > 0 && start > 0) {
      this.#bytes.copyWithin(0, start, this.#filled);
    }
    this.#filled = left;
  }
}

const emptyPiece = new Uint8Array(0);

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function tlsOptions(
  { context, verifies, serverName }: TlsSecurity,
  host: string,
  port: number,
  onread: OnReadOpts,
): ConnectionOptions & { readonly onread: OnReadOpts } {
  const name = serverName === null || serverName === '' ? host : serverName;
  return {
    host,
    port,
    onread,
    secureContext: context,
    rejectUnauthorized: verifies,
    // An address is no server name (RFC 6066).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_name, certificate) =>
      serverName === '' ? undefined : checkServerIdentity(name, certificate),
  };
}

function badLength(bytes: Buffer, start: number, length: number): string {
  if (bytes[start] === tlsAlert && bytes[start + 1] === 3) return 'the listener speaks TLS';
  return `a frame of ${length} bytes: not a Kafka answer`;
}
