import { expect, it } from 'vitest';
import { withPassword } from '../../source/commands/with-password.ts';
import type { GivenSecret } from '../../source/config/security/flags.ts';
import { PasswordMissing } from '../../source/config/security/login.ts';
import { Interrupted, LoadtuiError } from '../../source/errors.ts';
import { FakeTerminal } from './support/fake-terminal.ts';

const token = { variable: 'LOADTUI_OAUTH_TOKEN', value: 't' };

/** Wants a password, and tells which secrets it was read with. */
function read(secrets: readonly GivenSecret[]): readonly string[] {
  const texts = secrets.map(({ variable, value }) => `${variable}=${value}`);
  if (!texts.some((text) => text.startsWith('LOADTUI_SASL_PASSWORD'))) throw new PasswordMissing('alice');
  return texts;
}

function asked(typed: string, isTTY = true) {
  const stdin = new FakeTerminal(isTTY);
  const answer = withPassword([token], null, read, { stdin, stderr: { write: () => undefined } });
  stdin.emit('data', Buffer.from(typed));
  return answer;
}

it('reads again with the password that was typed', async () => {
  expect(await asked('s3cret\r')).toEqual(['LOADTUI_OAUTH_TOKEN=t', 'LOADTUI_SASL_PASSWORD=s3cret']);
});

it('asks nothing where nothing is missing', async () => {
  const stdin = new FakeTerminal();
  const place = { stdin, stderr: { write: () => undefined } };
  expect(await withPassword([token], null, (secrets) => secrets.length, place)).toBe(1);
  expect(stdin.calls).toEqual([]);
});

it('is interrupted by ctrl-c', async () => {
  await expect(asked('s3\u0003')).rejects.toBeInstanceOf(Interrupted);
});

it.each([
  ['\u0004', true],
  ['', false],
])('says where to put the password when nobody tells it: %j', async (typed, isTTY) => {
  const refusal: unknown = await asked(typed, isTTY).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ message: 'the password of alice is not said', code: 'USAGE' });
  expect(refusal instanceof LoadtuiError ? refusal.next : '').toContain('--sasl-password-file');
});

it('hands on what else is wrong', async () => {
  const failing = withPassword([], null, () => {
    throw new RangeError('no');
  });
  await expect(failing).rejects.toThrow(RangeError);
});
