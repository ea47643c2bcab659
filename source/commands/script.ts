/**
 * `--commands FILE|-`: the `:` commands of the screen, one a line, for scripts and screen readers. Two words are added:
 * `wait 5s`, `wait measuring` and `wait automation` (until nothing turns knobs by itself). Empty lines and `#` comments are passed over.
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { knobs } from '../config/knobs.ts';
import { parseDurationMs } from '../config/units.ts';
import { LoadtuiError, messageOf, usageError } from '../errors.ts';
import { parseCommand, runCommand } from '../session/commands.ts';
import type { KnobValues } from '../session/knob-value.ts';
import type { Session } from '../session/session.ts';
import type { KnobView, Phase } from '../session/view.ts';
import { errorText } from './error-text.ts';

const lookEveryMs = 20;
const phases: readonly Phase[] = ['connecting', 'warm-up', 'measuring', 'draining', 'done'];

export interface Script {
  /** As in error messages. */
  readonly name: string;
  /** The lines of a file; a stream is read as its lines come. */
  readonly input: NodeJS.ReadableStream | readonly string[];
}

/** What a script is carried out against. */
export type ScriptedSession = Pick<Session, 'control' | 'log' | 'phase' | 'view'>;

interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * `-`: standard input, whose lines are known when they come. A file is read and checked whole, before anything is made:
 * rejects with LoadtuiError FILE, or USAGE for the first line that cannot be understood. `values`: the plan's knobs.
 */
export async function openScript(path: string, values: KnobValues): Promise<Script> {
  if (path === '-') return { name: 'standard input', input: process.stdin };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const message = `cannot read the commands in ${path}: ${messageOf(cause)}`;
    throw new LoadtuiError(message, { code: 'FILE', fault: 'usage', next: 'Check the path.', cause });
  }
  const input = text.split(/\r?\n/);
  for (const [index, line] of input.entries()) check(commandIn(line), values, { file: path, line: index + 1 });
  return { name: path, input };
}

/**
 * Resolves when the script or the run is over. A line that cannot be understood, or is refused, is told, and the run goes
 * on: one slip of who types does not end a load.
 */
export async function runScript(session: ScriptedSession, { name, input }: Script): Promise<void> {
  const lines = 'pipe' in input ? createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }) : null;
  // Whoever holds the other end of standard input open does not keep a run that is over.
  const watch = setInterval(() => {
    if (session.phase === 'done') lines?.close();
  }, lookEveryMs).unref();
  let number = 0;
  try {
    for await (const line of lines ?? input) {
      number++;
      const text = commandIn(String(line));
      if (text === null) continue;
      await reached(session, 'warm-up');
      if (over(session)) break;
      try {
        await carryOut(session, text, { file: name, line: number });
      } catch (error) {
        process.stderr.write(errorText(error));
        session.log.add(Date.now(), 'warning', `${name}:${number}: ${messageOf(error)}`);
      }
    }
  } finally {
    clearInterval(watch);
    lines?.close();
  }
}

/** null: an empty line, or a comment. */
function commandIn(line: string): string | null {
  const text = line.replace(/^\s*:?/, '').trim();
  return text === '' || text.startsWith('#') ? null : text;
}

const waitFor = (text: string): string | null => /^wait\s+(\S+)$/.exec(text)?.[1] ?? null;

function check(text: string | null, values: KnobValues, at: Place): void {
  if (text === null) return;
  const awaited = waitFor(text);
  if (awaited !== null) {
    if (!isPhase(awaited) && awaited !== 'automation') durationMs(awaited, at);
    return;
  }
  const command = parseCommand(text, values);
  if (command.kind !== 'invalid') return;
  // What a relative value comes to hangs on the lines before it: one that can be had from some value is none to refuse.
  const canBeHad = (['minimum', 'maximum'] as const).some((end) => {
    return parseCommand(text, { knobs: values.knobs.map((knob) => atEnd(knob, end)) }).kind !== 'invalid';
  });
  if (!canBeHad) throw usageError(command.message, undefined, at);
}

function atEnd(knob: KnobView, end: 'minimum' | 'maximum'): KnobView {
  const definition = knobs[knob.name];
  return definition.choices === null ? { ...knob, requested: definition[end] } : knob;
}

async function carryOut(session: ScriptedSession, text: string, at: Place): Promise<void> {
  const awaited = waitFor(text);
  if (awaited !== null) return wait(session, awaited, at);
  const command = parseCommand(text, session.view());
  if (command.kind === 'invalid') throw usageError(command.message, undefined, at);
  // A script has said what it wants: questions are for fingers that slip. A file is overwritten with --force alone.
  const answer = await runCommand(session.control, command, command.kind !== 'save');
  process.stderr.write(`:${text}  ${answer.kind === 'confirm' ? answer.question : answer.message}\n`);
}

async function wait(session: ScriptedSession, what: string, at: Place): Promise<void> {
  if (isPhase(what)) return reached(session, what);
  if (what === 'automation') {
    while (session.view().automation !== null && !over(session)) await delay(lookEveryMs);
    return;
  }
  const endMs = performance.now() + durationMs(what, at);
  while (performance.now() < endMs && !over(session)) await delay(lookEveryMs);
}

function isPhase(text: string): text is Phase {
  return phases.some((phase) => phase === text);
}

function durationMs(text: string, at: Place): number {
  try {
    return parseDurationMs(text);
  } catch (error) {
    const next = `wait takes a time such as 5s, a phase (${phases.join(', ')}), or automation.`;
    throw usageError(messageOf(error), next, at);
  }
}

async function reached(session: ScriptedSession, phase: Phase): Promise<void> {
  while (phases.indexOf(session.phase) < phases.indexOf(phase)) await delay(lookEveryMs);
}

function over({ phase }: ScriptedSession): boolean {
  return phase === 'draining' || phase === 'done';
}
