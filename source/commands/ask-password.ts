/** Asks for a password on the terminal, without showing it. */

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

const enter = ['\r', '\n'];
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const erasers = ['\u007f', '\b'];

/** null: nobody is there to be asked, or whoever is does not answer. The terminal is as before when this resolves. */
export async function askPassword(
  username: string,
  stdin: SecretInput,
  stderr: { write(text: string): unknown },
): Promise<string | null> {
  if (stdin.isTTY !== true) return null;
  stderr.write(`loadtui: password of ${username}: `);
  stdin.setRawMode(true);
  stdin.resume();
  let typed = '';
  let listener: DataListener = () => undefined;
  const answer = await new Promise<string | null>((resolve) => {
    listener = (data) => {
      for (const key of data.toString()) {
        if (enter.includes(key)) resolve(typed);
        else if (key === ctrlC || key === ctrlD) resolve(null);
        else if (erasers.includes(key)) typed = [...typed].slice(0, -1).join('');
        else typed += key;
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
