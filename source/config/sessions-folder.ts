/** Where the journals of past runs are, by the XDG Base Directory Specification. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `$XDG_STATE_HOME/loadtui/sessions`. A relative path there is invalid and counts as not set. */
export function sessionsFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const state = environment.XDG_STATE_HOME;
  const home = state !== undefined && isAbsolute(state) ? state : join(homedir(), '.local', 'state');
  return join(home, 'loadtui', 'sessions');
}
