/**
 * The keyboard until the screen is there: nothing typed is echoed, q and ctrl-c are heeded, the rest is swallowed.
 * Small, and without other parts of the program: it is in place before these are loaded.
 */

/** What is needed of standard input. */
export type KeyInput = Pick<NodeJS.ReadStream, 'isTTY' | 'isRaw' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;

export interface KeyMeanings {
  quit(): void;
  interrupt(): void;
}

export interface EarlyKeys {
  /** Who acts on keys; those that came before are told at once. */
  heed(meanings: KeyMeanings): void;
  /** Gives the terminal back for the time of a question. */
  aside<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  /** The screen reads keys from now on. Echo stays off, so that none shows in between. */
  handOver(): void;
  /** Gives the terminal back. May be called again. */
  release(): void;
}

const ctrlC = '\u0003';
const escapeSign = '\u001B';

/** Takes the keyboard. Where `stdin` is no terminal, there is none. */
export function takeKeys(stdin: KeyInput): EarlyKeys {
  const waiting: (keyof KeyMeanings)[] = [];
  let meanings: KeyMeanings | null = null;
  let isOver = stdin.isTTY !== true;

  const tell = (): void => {
    while (meanings !== null) {
      const next = waiting.shift();
      if (next === undefined) return;
      meanings[next]();
    }
  };
  const onData = (data: Buffer | string): void => {
    const keys = data.toString();
    // An arrow or an answer of the terminal: its letters are no keys.
    if (keys.startsWith(escapeSign)) return;
    for (const key of keys) {
      if (key === ctrlC) waiting.push('interrupt');
      else if (key === 'q') waiting.push('quit');
    }
    tell();
  };
  const listen = (): void => {
    stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.resume();
  };
  const silence = (): void => {
    stdin.off('data', onData);
    stdin.pause();
  };
  const giveBack = (): void => {
    if (stdin.isTTY === true && stdin.isRaw) stdin.setRawMode(false);
  };

  if (!isOver) {
    listen();
    // However the process ends, a crash included.
    process.on('exit', giveBack);
  }
  return {
    heed(given) {
      meanings = given;
      tell();
    },
    async aside(ask) {
      if (isOver) return ask();
      silence();
      giveBack();
      try {
        return await ask();
      } finally {
        if (!isOver) listen();
      }
    },
    handOver() {
      if (isOver) return;
      isOver = true;
      // No pause: it takes effect a moment later, which is when the screen has begun to read.
      stdin.off('data', onData);
    },
    release() {
      if (stdin.isTTY === true) silence();
      isOver = true;
      giveBack();
      process.off('exit', giveBack);
    },
  };
}
