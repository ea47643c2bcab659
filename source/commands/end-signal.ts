/** A signal as the way in which something is meant to end; a second one ends it the hard way, with a code that says so. */
import { type ExitCode, exitCodes } from '../errors.ts';

/** Exit codes of who is ended by a signal. */
export const signalCodes = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.terminalGone,
} as const;

/** What is needed of the process. */
export interface SignalSource {
  on(signal: string, listener: () => void): unknown;
  off(signal: string, listener: () => void): unknown;
  exit(code: ExitCode): void;
}

export class EndSignal {
  /** Resolves with the first signal. */
  readonly come: Promise<void>;
  readonly #source: SignalSource;
  readonly #listeners: readonly (readonly [string, () => void])[];

  /** `hard`: what is to be done before a second signal ends it. */
  constructor(source: SignalSource, hard: () => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.come = promise;
    this.#source = source;
    let hasCome = false;
    this.#listeners = Object.entries(signalCodes).map(([signal, code]) => {
      const listen = (): void => {
        if (hasCome) {
          hard();
          source.exit(code);
        }
        hasCome = true;
        resolve();
      };
      source.on(signal, listen);
      return [signal, listen] as const;
    });
  }

  /** Signals mean nothing any more. */
  stop(): void {
    for (const [signal, listen] of this.#listeners) this.#source.off(signal, listen);
  }
}
