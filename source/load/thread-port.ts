/** The thread's end of the wire to main: commands in, reports out, each command answered once. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { LoadtuiError, messageOf } from '../errors.ts';
import { collectGarbage } from '../lean-memory.ts';
import type { Answer, Command, Report } from './protocol.ts';

/** What threads of different kinds do differently. */
export type ThreadCommand = Exclude<Command, { kind: 'collect-garbage' }>;

export type Reporter = (report: Report) => void;

/** Does what commands say. */
export interface CommandHandler {
  handle(command: ThreadCommand): Promise<Answer>;
}

/** Runs as a thread what `make` makes of the thread's setup; in the main thread nothing happens. */
export function serveThread<Setup>(make: (setup: Setup, report: Reporter) => CommandHandler): void {
  if (parentPort === null) return;
  const port = parentPort;
  const setup: Setup = workerData;
  const report: Reporter = (message) => {
    port.postMessage(message);
  };
  try {
    answerCommands(port, report, make(setup, report));
    report({ kind: 'ready' });
  } catch (error) {
    report({ kind: 'crashed', message: messageOf(error), stack: error instanceof Error ? (error.stack ?? '') : '' });
  }
}

/** Hands commands on in order of arrival; several may be under way. */
function answerCommands(port: MessagePort, report: Reporter, handler: CommandHandler): void {
  port.on('message', (command: Command) => {
    answerOf(handler, command).then(
      (answer) => report({ kind: 'done', id: command.id, answer }),
      (error: unknown) =>
        report({
          kind: 'refused',
          id: command.id,
          message: messageOf(error),
          next: error instanceof LoadtuiError ? (error.next ?? null) : null,
          code: error instanceof LoadtuiError ? error.code : 'BUG',
        }),
    );
  });
}

async function answerOf(handler: CommandHandler, command: Command): Promise<Answer> {
  if (command.kind !== 'collect-garbage') return handler.handle(command);
  collectGarbage();
  return { kind: 'nothing' };
}
