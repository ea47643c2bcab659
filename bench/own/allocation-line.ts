/** What a thread says of its allocations, and when it is to look. Pure. */
import { z } from 'zod';

export const allocationLineSchema = z.strictObject({
  thread: z.string(),
  allocatedBytes: z.number().nonnegative(),
  /** The time that was sampled, Unix ms. */
  sampledFromMs: z.number(),
  sampledToMs: z.number(),
  gcPausesMs: z.array(z.number().nonnegative()),
});
export type AllocationLine = Readonly<z.infer<typeof allocationLineSchema>>;

/**
 * From the start of the thread, ms; the file takes a line a thread. Pauses are looked at first and allocations after
 * them: sampling makes collections longer.
 */
export interface Window {
  readonly pausesFromMs: number;
  readonly samplesFromMs: number;
  readonly toMs: number;
  readonly file: string;
}

const variable = 'LOADTUI_BENCH_ALLOCATIONS';

export function windowEnvironment(window: Window): Readonly<Record<string, string>> {
  return { [variable]: `${window.pausesFromMs} ${window.samplesFromMs} ${window.toMs} ${window.file}` };
}

/** null: nobody asked. */
export function readWindow(environment: Readonly<Record<string, string | undefined>>): Window | null {
  const [, pauses, samples, to, file] = /^(\d+) (\d+) (\d+) (.+)$/.exec(environment[variable] ?? '') ?? [];
  if (pauses === undefined || samples === undefined || to === undefined || file === undefined) return null;
  return { pausesFromMs: Number(pauses), samplesFromMs: Number(samples), toMs: Number(to), file };
}

export function readLines(text: string): readonly AllocationLine[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => allocationLineSchema.parse(JSON.parse(line)));
}

/** Messages of an interval, and when it was: those of a time that it is only partly within count by its share. */
interface Counted {
  readonly timeMs: number;
  readonly durationMs: number;
  readonly messages: number;
}

/**
 * Bytes a message that all threads of a kind allocated, by the beginning of their names: each thread's own sampled time
 * over the messages within it. Throws where there is none of them.
 */
export function allocatedPerMessage(
  lines: readonly AllocationLine[],
  kind: string,
  intervals: readonly Counted[],
): number {
  const theirs = lines.filter(({ thread }) => thread.startsWith(kind));
  if (theirs.length === 0) throw new Error(`no ${kind} said what it allocated`);
  return theirs.reduce(
    (sum, { allocatedBytes, sampledFromMs, sampledToMs }) =>
      sum + allocatedBytes / messagesWithin(intervals, sampledFromMs, sampledToMs),
    0,
  );
}

function messagesWithin(intervals: readonly Counted[], fromMs: number, toMs: number): number {
  return intervals.reduce((sum, { timeMs, durationMs, messages }) => {
    const withinMs = Math.min(toMs, timeMs + durationMs) - Math.max(fromMs, timeMs);
    return withinMs <= 0 ? sum : sum + messages * (withinMs / durationMs);
  }, 0);
}

/** The nearest rank of all pauses of the load threads; 0 where none of them collected. */
export function pauseP99Ms(lines: readonly AllocationLine[]): number {
  const load = lines.filter(({ thread }) => /^(producer|consumer) thread/.test(thread));
  const pauses = load.flatMap(({ gcPausesMs }) => gcPausesMs).sort((a, b) => a - b);
  return pauses[Math.ceil(0.99 * pauses.length) - 1] ?? 0;
}
