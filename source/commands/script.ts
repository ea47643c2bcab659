/**
 * `--commands FILE|-`: the `:` commands of the screen, one a line, for scripts and screen readers. Two words are added:
 * `wait 5s` and `wait measuring`. Empty lines and `#` comments are passed over.
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseDurationMs } from '../config/units.ts';
import { LoadtuiError, messageOf, usageError } from '../errors.ts';
import { parseCommand, runCommand } from '../session/commands.ts';
import type { Session } from '../session/session.ts';
import type { Phase } from '../session/view.ts';

const lookEveryMs = 20;
const phases: readonly Phase[] = ['connecting', 'warm-up', 'measuring', 'draining', 'done'];

export interface Script {
  /** As in error messages. */
  readonly name: string;
  readonly input: NodeJS.ReadableStream;
}

/** What a script is carried out against. */
export type ScriptedSession = Pick<Session, 'control' | 'phase' | 'view'>;

/** `-`: standard input. Rejects with LoadtuiError FILE. */
export async function openScript(path: string): Promise<Script> {
  if (path === '-') return { name: 'standard input', input: process.stdin };
  const input = createReadStream(path);
  try {
    await once(input, 'open');
  } catch (cause) {
    const message = `cannot read the commands in ${path}: ${messageOf(cause)}`;
    throw new LoadtuiError(message, { code: 'FILE', fault: 'usage', next: 'Check the path.', cause });
  }
  return { name: path, input };
}

/** Resolves when the script or the run is over. Rejects with LoadtuiError USAGE for a line that cannot be understood. */
export async function runScript(session: ScriptedSession, { name, input }: Script): Promise<void> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  // Whoever holds the other end of standard input open does not keep a run that is over.
  const watch = setInterval(() => {
    if (session.phase === 'done') lines.close();
  }, lookEveryMs).unref();
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      const text = line.replace(/^\s*:?/, '').trim();
      if (text === '' || text.startsWith('#')) continue;
      await reached(session, 'warm-up');
      if (over(session)) break;
      await carryOut(session, text, { file: name, line: number });
    }
  } finally {
    clearInterval(watch);
    lines.close();
  }
}

async function carryOut(
  session: ScriptedSession,
  text: string,
  at: { readonly file: string; readonly line: number },
): Promise<void> {
  const waited = /^wait\s+(\S+)$/.exec(text)?.[1];
  if (waited !== undefined) return wait(session, waited, at);
  const command = parseCommand(text, session.view());
  if (command.kind === 'invalid') throw usageError(command.message, undefined, at);
  // A script has said what it wants: questions are for fingers that slip. A file is overwritten with --force alone.
  const answer = await runCommand(session.control, command, command.kind !== 'save');
  process.stderr.write(`:${text}  ${answer.kind === 'confirm' ? answer.question : answer.message}\n`);
}

async function wait(session: ScriptedSession, what: string, at: { file: string; line: number }): Promise<void> {
  const phase = phases.find((one) => one === what);
  if (phase !== undefined) return reached(session, phase);
  const endMs = performance.now() + durationMs(what, at);
  while (performance.now() < endMs && !over(session)) await delay(lookEveryMs);
}

function durationMs(text: string, at: { file: string; line: number }): number {
  try {
    return parseDurationMs(text);
  } catch (error) {
    const next = `wait takes a time such as 5s, or a phase: ${phases.join(', ')}.`;
    throw usageError(messageOf(error), next, at);
  }
}

async function reached(session: ScriptedSession, phase: Phase): Promise<void> {
  while (phases.indexOf(session.phase) < phases.indexOf(phase)) await delay(lookEveryMs);
}

function over({ phase }: ScriptedSession): boolean {
  return phase === 'draining' || phase === 'done';
}
