import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { askPassword } from '../../source/commands/ask-password.ts';

class FakeTerminal extends EventEmitter {
  readonly isTTY: boolean;
  readonly calls: string[] = [];

  constructor(isTTY = true) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(on: boolean): this {
    this.calls.push(`raw ${on}`);
    return this;
  }

  resume(): this {
    this.calls.push('resume');
    return this;
  }

  pause(): this {
    this.calls.push('pause');
    return this;
  }
}

function asked(...typed: readonly string[]) {
  const terminal = new FakeTerminal();
  const shown: string[] = [];
  const answer = askPassword('alice', terminal, { write: (text: string) => shown.push(text) });
  for (const text of typed) terminal.emit('data', Buffer.from(text));
  return { answer, terminal, shown };
}

it.each<[string, string[], string | null]>([
  ['a line', ['secret\r'], 'secret'],
  ['key by key', ['s', 'é', '\n'], 'sé'],
  ['with what was erased', ['sx\u007fe\b\b\bab\r'], 'ab'],
  ['nothing', ['\r'], ''],
  ['ctrl-c', ['sec\u0003'], null],
  ['ctrl-d', ['\u0004'], null],
])('%s', async (_what, typed, password) => {
  const { answer, terminal, shown } = asked(...typed);
  expect(await answer).toBe(password);
  expect(shown).toEqual(['loadtui: password of alice: ', '\n']);
  expect(terminal.calls).toEqual(['raw true', 'resume', 'pause', 'raw false']);
  expect(terminal.listenerCount('data')).toBe(0);
});

it('asks nobody where there is no terminal', async () => {
  const terminal = new FakeTerminal(false);
  expect(await askPassword('alice', terminal, { write: () => undefined })).toBeNull();
  expect(terminal.calls).toEqual([]);
});
