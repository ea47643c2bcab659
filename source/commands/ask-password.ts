/** Asks for a password on the terminal, without showing it. */
import { StringDecoder } from 'node:string_decoder';

/** What is needed of standard input. */
export interface SecretInput {
  readonly isTTY?: boolean;
  setRawMode(on: boolean): unknown;
  on(event: 'data', listener: DataListener): unknown;
  off(event: 'data', listener: DataListener): unknown;
  resume(): unknown;
  pause(): unknown;
}

type DataListener = (data: Buffer | string) => void;

export type PasswordAnswer =
  | { readonly kind: 'said'; readonly password: string }
  /** Nobody is there to be asked, or whoever is does not answer. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'interrupted' };

/** What an arrow or another special key sends, and a paste that is marked as one. */
const specialKeys = new RegExp(`${'\u001b'}(?:\\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|\\S?)`, 'g');
const ctrlU = '\u0015';

/** The terminal is as before when this resolves. */
export async function askPassword(
  username: string,
  stdin: SecretInput,
  stderr: { write(text: string): unknown },
): Promise<PasswordAnswer> {
  if (stdin.isTTY !== true) return { kind: 'nobody' };
  stderr.write(`loadtui: password of ${username}: `);
  stdin.setRawMode(true);
  stdin.resume();
  const decoder = new StringDecoder('utf8');
  let typed = '';
  let listener: DataListener = () => undefined;
  const answer = await new Promise<PasswordAnswer>((resolve) => {
    listener = (data) => {
      const text = typeof data === 'string' ? data : decoder.write(data);
      for (const key of text.replaceAll(specialKeys, '')) {
        switch (key) {
          case '\r':
          case '\n':
            resolve({ kind: 'said', password: typed });
            break;
          case '\u0003':
            resolve({ kind: 'interrupted' });
            break;
          case '\u0004':
            resolve({ kind: 'nobody' });
            break;
          case '\u007f':
          case '\b':
            typed = [...typed].slice(0, -1).join('');
            break;
          case ctrlU:
            typed = '';
            break;
          default:
            typed += key;
        }
      }
    };
    stdin.on('data', listener);
  });
  stdin.off('data', listener);
  stdin.pause();
  stdin.setRawMode(false);
  stderr.write('\n');
  return answer;
}
