/** Reads a plan; a password that nobody has said is asked for, where somebody is there. */
import type { GivenSecret } from '../config/security/flags.ts';
import { PasswordMissing } from '../config/security/login.ts';
import { Interrupted, usageError } from '../errors.ts';
import { askPassword, type PasswordAnswer, type SecretInput } from './ask-password.ts';
import type { EarlyKeys } from './early-keys.ts';

/** Where passwords are asked for. */
export interface AskingPlace {
  readonly stdin: SecretInput;
  readonly stderr: { write(text: string): unknown };
}

/** `keys`: those that are typed before there is a screen; they are not the password's. Throws what `read` throws, and Interrupted. */
export async function withPassword<T>(
  secrets: readonly GivenSecret[],
  keys: EarlyKeys | null,
  read: (secrets: readonly GivenSecret[]) => T,
  { stdin, stderr }: AskingPlace = process,
): Promise<T> {
  try {
    return read(secrets);
  } catch (error) {
    if (!(error instanceof PasswordMissing)) throw error;
    const ask = (): Promise<PasswordAnswer> => askPassword(error.username, stdin, stderr);
    const answer = await (keys === null ? ask() : keys.aside(ask));
    switch (answer.kind) {
      case 'said':
        return read([...secrets, { variable: 'LOADTUI_SASL_PASSWORD', value: answer.password }]);
      case 'interrupted':
        throw new Interrupted();
      case 'nobody':
        throw usageError(
          error.message,
          'Say it in LOADTUI_SASL_PASSWORD, in --sasl-password-file, or in sasl.jaas.config.',
        );
    }
  }
}
