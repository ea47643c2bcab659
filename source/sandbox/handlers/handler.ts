import type { ProtocolReader } from '../../protocol/protocol-reader.ts';
import type { BrokerState } from '../context.ts';
import type { ErrorFault } from '../faults.ts';
import type { AnswerWriter } from '../protocol/answer-writer.ts';
import type { ConnectionLogin } from '../security/login.ts';

/** One request, its header already read. `reader` stands at the body; its bytes are there only until the handler returns. */
export interface Request {
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly reader: ProtocolReader;
  /** The host to name in answers. */
  readonly advertisedHost: string;
  /** An injected error: answer this one, and do what was asked only if it says `after-append`. Never set for Produce. */
  readonly forced: ErrorFault | null;
  /** Of the connection. */
  readonly login: ConnectionLogin;
}

/** When and whether what was written is sent. Times are the timeline's; the connection keeps the order of its requests. */
export type Reply =
  | { readonly kind: 'now'; readonly muteMs?: number }
  | { readonly kind: 'at'; readonly atMs: number; readonly muteMs?: number }
  /** No answer at all: acks=0. */
  | { readonly kind: 'silent'; readonly muteMs?: number }
  /** Closes the connection in place of an answer. */
  | { readonly kind: 'close'; readonly atMs: number };

export const replyNow: Reply = { kind: 'now' };

/** Reads the body, acts, writes the body of the answer. Nothing else of the connection is handled until it is settled. */
export type Handler = (request: Request, writer: AnswerWriter, broker: BrokerState) => Reply | Promise<Reply>;

/** Whether a handler is to act at all, given what was injected. */
export function acts(request: Request): boolean {
  return request.forced?.when !== 'before-append';
}

/** The injected error, else what the handler found. */
export function verdict(request: Request, found: number): number {
  return request.forced?.errorCode ?? found;
}

/** Most answers begin with it; the sandbox throttles producers only. */
export const notThrottled = 0;

/** `authorized operations` were not asked for. */
export const operationsUnknown = -2_147_483_648;
