/** How commands are told to print in tests, and what they printed. */
import { vi } from 'vitest';
import type { OutputOptions } from '../../../source/config/plan.ts';

export const plain: OutputOptions = {
  style: 'plain',
  savePath: null,
  force: false,
  outDirectory: '.',
  quiet: false,
  color: false,
  ascii: true,
  theme: 'default',
  mouse: false,
  fps: 4,
  commandsPath: null,
  historyFolder: null,
};

/** Runs a command and hands back its exit code and what it wrote to standard output. */
export async function outputOf(run: () => Promise<number>): Promise<{ code: number; text: string }> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk, ...rest) => {
    written.push(String(chunk));
    for (const argument of rest) if (typeof argument === 'function') argument();
    return true;
  });
  try {
    return { code: await run(), text: written.join('') };
  } finally {
    spy.mockRestore();
  }
}
