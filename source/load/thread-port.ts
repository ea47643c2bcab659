/** The thread's end of the wire to main: commands in, reports out, each command answered once. */
import type { MessagePort } from 'node:worker_threads';
import { LoadtuiError, messageOf } from '../errors.ts';
import type { Answer, Command, Report } from './protocol.ts';

export type Reporter = (report: Report) => void;

export function reporter(port: MessagePort): Reporter {
  return (report) => {
    port.postMessage(report);
  };
}

/** Hands commands to `handle`, in order of arrival; several may be under way. */
export function answerCommands(
  port: MessagePort,
  report: Reporter,
  handle: (command: Command) => Promise<Answer>,
): void {
  port.on('message', (command: Command) => {
    handle(command).then(
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
