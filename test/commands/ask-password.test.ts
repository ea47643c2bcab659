import { expect, it } from 'vitest';
import { askPassword, type PasswordAnswer } from '../../source/commands/ask-password.ts';
import { FakeTerminal } from './support/fake-terminal.ts';

function asked(...typed: readonly (string | Buffer)[]) {
  const terminal = new FakeTerminal();
  const shown: string[] = [];
  const answer = askPassword('alice', terminal, { write: (text: string) => shown.push(text) });
  for (const text of typed) terminal.emit('data', Buffer.from(text));
  return { answer, terminal, shown };
}

const said = (password: string): PasswordAnswer => ({ kind: 'said', password });

it.each<[string, (string | Buffer)[], PasswordAnswer]>([
  ['a line', ['secret\r'], said('secret')],
  ['key by key', ['s', 'é', '\n'], said('sé')],
  ['a character in two pieces', ['s', Buffer.from([0xc3]), Buffer.from([0xa9]), '\n'], said('sé')],
  ['with what was erased', ['sx\u007fe\b\b\bab\r'], said('ab')],
  ['begun anew', ['wrong\u0015right\r'], said('right')],
  ['without arrows', ['a\u001b[D\u001bOA\u001b[1;5Cb\r'], said('ab')],
  ['nothing', ['\r'], said('')],
  ['ctrl-c', ['sec\u0003'], { kind: 'interrupted' }],
  ['ctrl-d', ['\u0004'], { kind: 'nobody' }],
])('%s', async (_what, typed, password) => {
  const { answer, terminal, shown } = asked(...typed);
  expect(await answer).toEqual(password);
  expect(shown).toEqual(['loadtui: password of alice: ', '\n']);
  expect(terminal.calls).toEqual(['raw true', 'resume', 'pause', 'raw false']);
  expect(terminal.listenerCount('data')).toBe(0);
});

it('asks nobody where there is no terminal', async () => {
  const terminal = new FakeTerminal(false);
  expect(await askPassword('alice', terminal, { write: () => undefined })).toEqual({ kind: 'nobody' });
  expect(terminal.calls).toEqual([]);
});
