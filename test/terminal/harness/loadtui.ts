/** loadtui in a terminal, and what its screen tells. */
import { fileURLToPath } from 'node:url';
import { type Screen, type TerminalOptions, TerminalProgram } from './terminal-program.ts';

const program = fileURLToPath(new URL('../../../bin/loadtui.js', import.meta.url));

/** A load that a busy machine carries too, so that verdicts do not depend on it; a short warm-up. */
export const lightly = ['--preset', 'latency', '--rate', '1000', '--warm-up', '1s', '--no-achieved-gate'];

/** Starts the built program with these arguments. Without a broker's address it starts its sandbox. */
export function startLoadtui(
  terminal: Pick<TerminalOptions, 'columns' | 'rows' | 'environment'>,
  ...args: readonly string[]
): Promise<TerminalProgram> {
  return TerminalProgram.start({ command: [process.execPath, program, ...args], ...terminal });
}

/** The value that the knob panel shows beside a label, e.g. "10.0 k/s"; undefined: not on the screen. */
export function knobOn(screen: Screen, label: string): string | undefined {
  return new RegExp(`^[│|].*?\\b${label}\\s+(\\S.*?)\\s{2,}`, 'm').exec(screen.text)?.[1];
}

/** Waits until a knob shows what `wanted` accepts; hands back that value. */
export function waitForKnob(
  terminal: TerminalProgram,
  label: string,
  wanted: (value: string) => boolean,
  timeoutMs?: number,
): Promise<string> {
  const look = (screen: Screen): string | undefined => {
    const value = knobOn(screen, label);
    return value !== undefined && wanted(value) ? value : undefined;
  };
  return terminal.waitFor(`a new value of ${label}`, look, timeoutMs);
}
