import type { Socket } from 'node:net';
import { messageOf } from '../errors.ts';
import { ProtocolReader } from '../protocol/protocol-reader.ts';
import type { BrokerState } from './context.ts';
import { unsupportedApiVersions } from './handlers/api-versions.ts';
import type { Reply, Request } from './handlers/handler.ts';
import { handlers } from './handlers/table.ts';
import { AnswerWriter } from './protocol/answer-writer.ts';
import { type ApiVersionRange, apiKey, versionsOf } from './protocol/api-versions.ts';
import { FrameReader } from './protocol/frame-reader.ts';
import { ConnectionLogin } from './security/login.ts';

/** An answer on its way. Without a writer the connection closes when its turn comes. */
interface Outgoing {
  readonly dueMs: number;
  readonly writer: AnswerWriter | null;
}

/** Requests of those who are not known yet. */
const beforeLogin: readonly number[] = [apiKey.apiVersions, apiKey.saslHandshake, apiKey.saslAuthenticate];

/**
 * One client's connection. Requests are handled one at a time and answered in order, as Kafka does it: while a fetch waits, a
 * member joins, or the client is throttled, what came behind stays unread. Only the delay of the service model does not
 * hold back the next request, since it stands for a queue that all connections share.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #broker: BrokerState;
  readonly #frames = new FrameReader();
  readonly #outgoing: Outgoing[] = [];
  readonly #login: ConnectionLogin;
  #muted = false;
  #closed = false;

  constructor(socket: Socket, broker: BrokerState, onClosed: (connection: Connection) => void) {
    this.#socket = socket;
    this.#broker = broker;
    const { options, timeline } = broker.sandbox;
    this.#login = new ConnectionLogin(options.logins, () => timeline.now());
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    // Clients come and go as they like: an error is followed by 'close', which is all that matters.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#closed = true;
      for (const { writer } of this.#outgoing.splice(0)) writer?.discard();
      onClosed(this);
    });
  }

  /** Closes at once; what was not sent is lost. */
  destroy(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    this.#frames.push(chunk);
    // Reading on until there is something to hold back shows us a client that hangs up while it waits.
    if (this.#muted) this.#socket.pause();
    else this.#work();
  }

  #work(): void {
    try {
      while (!this.#closed && !this.#muted) {
        const { timeline } = this.#broker.sandbox;
        if (timeline.now() < this.#broker.stalledUntilMs) {
          this.#muteUntil(this.#broker.stalledUntilMs);
        } else if (this.#socket.writableNeedDrain) {
          this.#mute();
          this.#socket.once('drain', () => this.#unmute());
        } else if (this.#frames.next()) {
          this.#handle();
        } else {
          return;
        }
      }
    } catch (error) {
      this.#refuse(messageOf(error));
    }
  }

  #handle(): void {
    const reader = new ProtocolReader(this.#frames.bytes, this.#frames.start, this.#frames.end);
    const key = reader.int16();
    const version = reader.int16();
    const correlationId = reader.int32();
    const clientId = reader.classicString() ?? '';
    const api = versionsOf(key);
    if (api === undefined || version < api.min || version > api.max) {
      this.#refuseVersion(key, version, correlationId);
      return;
    }
    if (!this.#login.isIn && !beforeLogin.includes(key)) {
      this.#refuse(`${api.name} before a login`);
      return;
    }
    reader.flexible = version >= api.firstFlexible;
    reader.tags();
    const writer = new AnswerWriter();
    writer.int32(correlationId);
    writer.flexible = reader.flexible;
    // ApiVersions keeps the old header, so that a client may read it before it knows what the broker speaks.
    if (key !== apiKey.apiVersions) writer.tags();
    this.#settle(api, writer, this.#requestOf(api, version, clientId, reader));
  }

  #requestOf(api: ApiVersionRange, version: number, clientId: string, reader: ProtocolReader): Request {
    const { faults, options } = this.#broker.sandbox;
    const anyAddress = options.host === '0.0.0.0' || options.host === '::';
    return {
      version,
      clientId,
      clientHost: this.#socket.remoteAddress ?? '',
      reader,
      advertisedHost: anyAddress ? (this.#socket.localAddress ?? options.host) : options.host,
      // Produce takes its errors itself, one for each batch.
      login: this.#login,
      forced: faults.quiet || api.key === apiKey.produce ? null : faults.takeError(api.key),
    };
  }

  #settle(api: ApiVersionRange, writer: AnswerWriter, request: Request): void {
    const reply = handlers[api.name](request, writer, this.#broker);
    if (!(reply instanceof Promise)) {
      this.#answer(reply, writer);
      return;
    }
    this.#mute();
    reply.then(
      (settled) => {
        this.#answer(settled, writer);
        this.#unmute();
      },
      (error: unknown) => this.#refuse(`${api.name}: ${messageOf(error)}`),
    );
  }

  #answer(reply: Reply, writer: AnswerWriter): void {
    const { timeline } = this.#broker.sandbox;
    if (reply.kind !== 'close' && reply.muteMs !== undefined && reply.muteMs > 0) {
      this.#muteUntil(timeline.now() + reply.muteMs);
    }
    if (reply.kind === 'silent') return;
    if (this.#closed) {
      writer.discard();
      return;
    }
    const now = timeline.now();
    const atMs = reply.kind === 'now' ? now : reply.atMs;
    const dueMs = Math.max(atMs, this.#outgoing.at(-1)?.dueMs ?? 0);
    this.#outgoing.push({ dueMs, writer: reply.kind === 'close' ? null : writer });
    if (reply.kind === 'close') writer.discard();
    // What the service model finishes goes by the timeline even if it is due: there the records come into sight first.
    if (dueMs <= now && reply.kind !== 'at') this.#flush();
    else timeline.at(dueMs, () => this.#flush());
  }

  /** Sends what is due, in order; nothing leaves a stalled broker. */
  #flush(): void {
    const { timeline } = this.#broker.sandbox;
    const now = timeline.now();
    if (now < this.#broker.stalledUntilMs) {
      timeline.at(this.#broker.stalledUntilMs, () => this.#flush());
      return;
    }
    for (;;) {
      const next = this.#outgoing[0];
      if (next === undefined || next.dueMs > now || this.#closed) return;
      this.#outgoing.shift();
      if (next.writer === null) this.destroy();
      else next.writer.send(this.#socket);
    }
  }

  #mute(): void {
    this.#muted = true;
  }

  #muteUntil(atMs: number): void {
    this.#mute();
    this.#broker.sandbox.timeline.at(atMs, () => this.#unmute());
  }

  #unmute(): void {
    this.#muted = false;
    this.#socket.resume();
    this.#work();
  }

  #refuseVersion(key: number, version: number, correlationId: number): void {
    if (key === apiKey.apiVersions) {
      const writer = new AnswerWriter().int32(correlationId);
      unsupportedApiVersions(writer);
      this.#answer({ kind: 'now' }, writer);
      return;
    }
    this.#refuse(`request ${key} version ${version} is not spoken here`);
  }

  /** What cannot be read cannot be answered: the connection closes, as Kafka does it. */
  #refuse(reason: string): void {
    const { counters } = this.#broker.sandbox;
    counters.refusedRequests++;
    counters.lastRefusal = reason;
    this.destroy();
  }
}
