/**
 * Errors that reach an operator. Each says what happened, whose fault it is and what to try next;
 * anything that is not a LoadtuiError is a bug of ours and ends with exit code 1.
 */

/** Exit codes are promises to scripts. Where several apply, the first of 1, 3, 5, 6, 4 wins. */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  cluster: 3,
  sloBroken: 4,
  unaccounted: 5,
  clientBound: 6,
  terminalGone: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const errorCodes = [
  'USAGE', // flag, key, value or file is wrong
  'CANNOT_REACH', // no broker answers
  'TLS_LISTENER', // a plain connection met a TLS listener
  'SECURITY', // TLS or a login stands in the way
  'TOPIC_MISSING',
  'TOPIC_NOT_EMPTY', // needs --yes
  'TOPIC_REFUSED', // not authorised, invalid, too many partitions …
  'MESSAGE_TOO_LARGE', // larger than the topic allows
  'GROUP_BUSY', // the group has live members
  'PORT_IN_USE',
  'PROTOCOL', // the broker answered with an error we cannot retry
  'ABORTED', // an --abort-on rule fired
  'FILE_EXISTS',
  'FILE', // cannot read or write a file
  'THREAD_DIED',
  'BUG',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Whose fault an error is: decides the exit code and the tone. */
export type Fault = 'usage' | 'cluster' | 'bug';

export interface ErrorDetails {
  readonly code: ErrorCode;
  readonly fault: Fault;
  /** What the reader can try next; a full sentence. */
  readonly next?: string;
  /** Where in a file the fault lies. Lines and columns start at 1. */
  readonly at?: { readonly file: string; readonly line?: number; readonly column?: number };
  readonly cause?: unknown;
}

export class LoadtuiError extends Error {
  override readonly name = 'LoadtuiError';
  readonly code: ErrorCode;
  readonly fault: Fault;
  readonly next: string | undefined;
  readonly at: ErrorDetails['at'];

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.fault = details.fault;
    this.next = details.next;
    this.at = details.at;
  }

  get exitCode(): ExitCode {
    return this.fault === 'usage' ? exitCodes.usage : this.fault === 'cluster' ? exitCodes.cluster : exitCodes.bug;
  }
}

/** The operator wants no more, before there is a run that could end. Nothing need be said. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** A wrong flag, key, value or file (exit 2). */
export function usageError(message: string, next?: string, at?: ErrorDetails['at']): LoadtuiError {
  return new LoadtuiError(message, {
    code: 'USAGE',
    fault: 'usage',
    ...(next === undefined ? {} : { next }),
    ...(at === undefined ? {} : { at }),
  });
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
