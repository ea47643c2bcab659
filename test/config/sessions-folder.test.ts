import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sessionsFolder } from '../../source/config/sessions-folder.ts';

const usual = join(homedir(), '.local/state/loadtui/sessions');

it.each<[string, string | undefined, string]>([
  ['a folder', '/somewhere/state', '/somewhere/state/loadtui/sessions'],
  ['nothing', undefined, usual],
  ['an empty value', '', usual],
  ['a relative path, which the specification calls invalid', 'state', usual],
])('the history with XDG_STATE_HOME: %s', (_, state, folder) => {
  expect(sessionsFolder({ XDG_STATE_HOME: state })).toBe(folder);
});
