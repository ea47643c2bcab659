/** What the operator reads on standard error when something went wrong. */
import { exitCodes, Interrupted, LoadtuiError } from '../errors.ts';
import { printable } from '../session/printable.ts';

function placeOf(at: LoadtuiError['at']): string | null {
  if (at === undefined) {
    return null;
  }
  return [at.file, at.line, at.column].filter((part) => part !== undefined).join(':');
}

/** Message, place and next step of an error of ours; anything else is a bug, with its stack. It may quote a file. */
export function errorText(error: unknown): string {
  return textOf(error).split('\n').map(printable).join('\n');
}

function textOf(error: unknown): string {
  if (error instanceof Interrupted) return '';
  if (!(error instanceof LoadtuiError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `loadtui: this is a bug of loadtui\n${stack}\n  try: loadtui --version, and report both\n`;
  }
  const place = placeOf(error.at);
  return [
    `loadtui: ${error.message}`,
    ...(place === null ? [] : [`  at ${place}`]),
    ...(error.next === undefined ? [] : [`  try: ${error.next}`]),
    '',
  ].join('\n');
}

/** The exit code that an error leads to. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return exitCodes.interrupted;
  return error instanceof LoadtuiError ? error.exitCode : exitCodes.bug;
}
