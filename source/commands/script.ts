/**
 * `--commands FILE|-`: the `:` commands of the screen, one a line, for scripts and screen readers. Two words are added:
 * `wait 5s` and `wait measuring`. Empty lines and `#` comments are passed over.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseDurationMs } from '../config/units.ts';
import { usageError } from '../errors.ts';
import { parseCommand, runCommand } from '../session/commands.ts';
import type { Session } from '../session/session.ts';
import type { Phase } from '../session/view.ts';

const lookEveryMs = 20;
const phases: readonly Phase[] = ['connecting', 'warm-up', 'measuring', 'draining', 'done'];

export async function runScript(session: Session, path: string): Promise<void> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    number++;
    const text = line.replace(/^\s*:?/, '').trim();
    if (text === '' || text.startsWith('#')) continue;
    await reached(session, 'warm-up');
    if (over(session)) break;
    const waited = /^wait\s+(\S+)$/.exec(text);
    if (waited?.[1] !== undefined) await wait(session, waited[1]);
    else await carryOut(session, text, path, number);
  }
  if (path === '-') process.stdin.unref();
}

async function carryOut(session: Session, text: string, path: string, line: number): Promise<void> {
  const command = parseCommand(text, session.view());
  if (command.kind === 'invalid') throw usageError(command.message, undefined, { file: path, line });
  // A script has said what it wants: questions are for fingers that slip.
  const answer = await runCommand(session.control, command, true);
  process.stderr.write(`:${text}  ${answer.kind === 'confirm' ? answer.question : answer.message}\n`);
}

async function wait(session: Session, what: string): Promise<void> {
  const phase = phases.find((name) => name === what);
  if (phase !== undefined) {
    await reached(session, phase);
    return;
  }
  const endMs = performance.now() + parseDurationMs(what);
  while (performance.now() < endMs && !over(session)) await pause();
}

async function reached(session: Session, phase: Phase): Promise<void> {
  while (phases.indexOf(session.phase) < phases.indexOf(phase)) await pause();
}

function over(session: Session): boolean {
  return session.phase === 'draining' || session.phase === 'done';
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lookEveryMs));
}
