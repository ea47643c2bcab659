/** The main job: a session with its sinks, from the first connection to the summary and the exit code. */
import { join } from 'node:path';
import type { AskedPlan, OutputOptions } from '../config/plan.ts';
import { exitCodes, messageOf } from '../errors.ts';
import { JournalFile } from '../output/journal-file.ts';
import { createLinesSink } from '../output/lines.ts';
import { createNdjsonSink } from '../output/ndjson.ts';
import { checkWritable, defaultSnapshotName, writeSnapshot } from '../output/snapshot-file.ts';
import { summaryText } from '../output/summary.ts';
import type { SessionDocument } from '../session/document-schema.ts';
import { KnobBoard } from '../session/knob-board.ts';
import { Session, type SessionResult } from '../session/session.ts';
import type { SessionSink } from '../session/view.ts';
import { restoreTerminal } from '../ui/restore-terminal.ts';
import type { ScreenHandle } from '../ui/screen.tsx';
import type { EarlyKeys } from './early-keys.ts';
import { endedAtOnceText, endedEarlyText, leftText } from './ended-early.ts';
import { errorText } from './error-text.ts';
import { nextCommands } from './next-commands.ts';
import { openScript, runScript } from './script.ts';
import { listenForSignals } from './signals.ts';
import { askOnTerminal } from './terminal-question.ts';

/** Runs a plan. `words`: program and arguments as typed; `keys`: the keyboard until the screen is there. Answers the exit code. */
export async function runCommand(
  resolved: AskedPlan,
  output: OutputOptions,
  words: readonly string[],
  keys: EarlyKeys | null,
): Promise<number> {
  const { plan } = resolved;
  if (output.savePath !== null) await checkWritable(output.savePath, { force: output.force });
  const commands =
    output.commandsPath === null ? null : await openScript(output.commandsPath, { knobs: new KnobBoard(plan).views() });
  const onScreen = output.style === 'screen';
  const journal = output.historyFolder === null ? null : new JournalFile(output.historyFolder, noJournal);
  const session = new Session({
    resolved,
    commandLine: words,
    attended: onScreen,
    ask: onScreen ? (question) => askAside(question, keys, signals.interrupt) : null,
    save: (document, path, force) => save(document, path, force, output),
    journal,
  });
  function noJournal(error: unknown): void {
    session.log.add(Date.now(), 'warning', `the history gets no more of this run: ${messageOf(error)}`);
  }
  const stdout: { lost: Error | null } = { lost: null };
  const closed = (error: Error): void => {
    stdout.lost = error;
    session.control.stop('stdout-closed');
  };
  if (onScreen)
    process.stderr.write(`loadtui: connecting to ${plan.brokers?.join(', ') ?? 'the embedded sandbox'} ...\n`);
  else
    session.addSink(
      output.style === 'json'
        ? quietly(output.quiet, createNdjsonSink(process.stdout, { onClosed: closed }), { intervals: [] })
        : quietly(output.quiet, createLinesSink(process.stdout, { ascii: output.ascii, onClosed: closed }), {}),
    );

  // Whoever owns the cluster is told what stays on it, and did not ask for that.
  const left = (): readonly string[] => (plan.keepTopics || plan.topic !== null ? [] : session.madeTopics);
  const signals = listenForSignals(
    (reason) => session.control.stop(reason),
    () => {
      const topics = session.phase === 'connecting' ? session.madeTopics : left();
      return endedAtOnceText({ topics, savedPath: session.savedPath, hasHistory: journal?.hasBegun === true });
    },
  );
  keys?.heed({ quit: () => session.control.stop('quit'), interrupt: signals.interrupt });
  const takeOver = (): void => keys?.handOver();
  if (onScreen) endWithTerminal(() => session.control.stop('hangup'));
  const screen = onScreen ? new LateScreen(session, output, signals.interrupt, takeOver) : null;
  if (screen !== null) session.addSink(screen);
  if (commands !== null) {
    runScript(session, commands).catch((error: unknown) => {
      process.stderr.write(errorText(error));
      session.log.add(Date.now(), 'warning', `no more commands are read: ${messageOf(error)}`);
    });
  }
  const giveBack = async (): Promise<void> => {
    await screen?.close();
    restoreTerminal();
    await journal?.close();
    keys?.release();
    signals.end();
  };
  let result: SessionResult;
  try {
    result = await session.run().finally(giveBack);
  } catch (error) {
    if (stdout.lost !== null && signals.exitCode === null) return lostOutput(stdout.lost);
    const made = session.madeTopics;
    // Whoever ends a run that has not begun gets what was asked for, not an error.
    const quit = session.endReason === 'quit' ? exitCodes.done : null;
    const exitCode = signals.exitCode ?? quit;
    if (exitCode === null) {
      if (made.length > 0) process.stderr.write(`loadtui: ${leftText(made)}\n`);
      throw error;
    }
    process.stderr.write(endedEarlyText(made));
    return exitCode;
  }
  let exitCode = result.exitCode;
  let savedPath: string | null = null;
  if (output.savePath !== null) {
    try {
      savedPath = await save(result.document, output.savePath, output.force, output);
    } catch (error) {
      process.stderr.write(errorText(error));
      exitCode = exitCodes.usage;
    }
  }
  await session.closeSinks();
  if (left().length > 0) process.stderr.write(`loadtui: ${leftText(left())}\n`);
  if (stdout.lost !== null) return lostOutput(stdout.lost);
  tell(result, resolved, output, savedPath ?? session.savedPath);
  return exitCode;
}

function askAside(question: string, keys: EarlyKeys | null, interrupt: () => void): Promise<boolean> {
  const ask = (): Promise<boolean> => askOnTerminal(question, interrupt);
  return keys === null ? ask() : keys.aside(ask);
}

/**
 * A terminal that went away says so by failing reads and writes, before its signal or without one. They stay heeded to the
 * end of the process: what is still written to it then must not end the process before the session is saved.
 */
function endWithTerminal(gone: () => void): void {
  for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', gone);
}

/** `--quiet`: the result and nothing on the way to it. `without`: what the sink would write of the way all the same. */
function quietly(quiet: boolean, sink: SessionSink, without: Partial<SessionDocument>): SessionSink {
  if (!quiet) return sink;
  return {
    summary: (document) => sink.summary?.({ ...document, ...without }),
    close: () => sink.close(),
  };
}

/** A reader that went away (`| head`) is no fault; a full disk is. */
function lostOutput(error: Error): number {
  if (!('code' in error) || error.code === 'EPIPE') return exitCodes.done;
  process.stderr.write(`loadtui: standard output could not be written: ${error.message}\n`);
  return exitCodes.usage;
}

/** Opens the screen once the session has something to show, so that questions before it are asked on the plain terminal. */
class LateScreen implements SessionSink {
  readonly #session: Session;
  readonly #output: OutputOptions;
  readonly #interrupt: () => void;
  readonly #takeOver: () => void;
  #screen: Promise<ScreenHandle> | null = null;
  #open: ScreenHandle | null = null;

  /** `takeOver`: called when the screen begins to read keys. */
  constructor(session: Session, output: OutputOptions, interrupt: () => void, takeOver: () => void) {
    this.#session = session;
    this.#output = output;
    this.#interrupt = interrupt;
    this.#takeOver = takeOver;
  }

  start(): void {
    this.#screen = this.#start();
    this.#screen.catch((error: unknown) => {
      process.stderr.write(errorText(error));
      this.#session.control.stop('hangup');
    });
  }

  async #start(): Promise<ScreenHandle> {
    const { startScreen } = await import('../ui/screen.tsx');
    this.#takeOver();
    const screen = await startScreen({
      control: this.#session.control,
      playback: null,
      look: () => this.#session.view(),
      interrupt: this.#interrupt,
      output: this.#output,
      stdout: process.stdout,
      stdin: process.stdin,
      onExit: (error) => {
        if (error === null) return;
        process.stderr.write(errorText(error));
        this.#session.control.stop('hangup');
      },
    });
    this.#open = screen;
    screen.tick();
    return screen;
  }

  tick(): void {
    this.#open?.tick();
  }

  event(event: Parameters<NonNullable<SessionSink['event']>>[0]): void {
    this.#open?.event(event);
  }

  async close(): Promise<void> {
    const screen = await this.#screen?.catch(() => null);
    await screen?.close();
  }
}

async function save(
  document: SessionDocument,
  path: string | null,
  force: boolean,
  output: OutputOptions,
): Promise<string> {
  const topic = document.cluster.topics[0]?.name ?? 'session';
  const target = path ?? join(output.outDirectory, defaultSnapshotName(topic, new Date()));
  await writeSnapshot(document, target, { force });
  return target;
}

/** The closing words: the summary where there was a screen, else what plain lines and NDJSON cannot say, on stderr. */
function tell(result: SessionResult, resolved: AskedPlan, output: OutputOptions, savedPath: string | null): void {
  const { again, verify } = nextCommands(result, resolved);
  if (output.style === 'screen') {
    const columns = Math.min(100, process.stdout.columns || 100);
    process.stdout.write(summaryText(result.document, { savedPath, again, verify, ascii: output.ascii, columns }));
    return;
  }
  if (output.quiet) return;
  if (savedPath !== null) process.stderr.write(`saved  ${savedPath}\n`);
  process.stderr.write(`again  ${again}\n`);
  if (verify !== null) process.stderr.write(`verify  ${verify}\n`);
}
