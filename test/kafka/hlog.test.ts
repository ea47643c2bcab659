import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionDocument } from '../../source/session/document-schema.ts';
import { runCommand } from '../support/run-command.ts';
import { kafkaAvailable, kafkaClassPath } from './harness/jars.ts';
import { expectDone, Loadtui } from './harness/loadtui.ts';

/** What Java's HistogramLogProcessor says of all histograms of a tag together. */
interface JavaFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const tags = ['response', 'service', 'slip', 'e2e'] as const;

// It needs no Kafka: its sandbox will do. Java is what these tests have in common.
describe.runIf(kafkaAvailable())("Java's HistogramLogProcessor", () => {
  let loadtui: Loadtui;
  let document: SessionDocument;
  let classPath: string;

  beforeAll(async () => {
    classPath = await kafkaClassPath();
    const run = ['--preset', 'latency', '--rate', '2k', '--warm-up', '1s', '--duration', '4s', '--no-achieved-gate'];
    loadtui = await Loadtui.start(...run, '--plain', '--save', 'run.json');
    expectDone(await loadtui.finished());
    document = await loadtui.document('run.json');
  });

  afterAll(async () => {
    await loadtui?.close();
  });

  const java = async (...args: readonly string[]): Promise<string> => {
    const tool = 'org.HdrHistogram.HistogramLogProcessor';
    const words = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath, tool, ...args];
    const { exitCode, stdout, stderr } = await runCommand('java', words, { cwd: loadtui.folder });
    expect(exitCode, stdout + stderr).toBe(0);
    return stdout;
  };

  const hlog = async (session: string, name: string): Promise<void> => {
    const { exitCode, stderr } = await loadtui.also('report', session, '--format', 'hlog', '-o', name);
    expect(exitCode, stderr).toBe(0);
  };

  /** Its last line of totals: `T:COUNT ( 50% 90% 99% 99.9% 99.99% Max )`. */
  const figures = async (name: string, tag: string): Promise<JavaFigures> => {
    const output = `${name}-${tag}`;
    await java('-i', name, '-tag', tag, '-outputValueUnitRatio', '1000000', '-o', output);
    const text = await readFile(join(loadtui.folder, output), 'utf8');
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    const [, count, values = ''] = /T:(\d+) \(([^)]*)\)/.exec(last) ?? [];
    const [p50Ms, , p99Ms, , , maxMs] = values.trim().split(/\s+/).map(Number);
    return { count: Number(count), p50Ms: p50Ms ?? -1, p99Ms: p99Ms ?? -1, maxMs: maxMs ?? -1 };
  };

  /** Java rounds up to the end of a bucket (0.1 %), and both print µs. */
  const near = (found: number, expected: number | null): void => {
    expect(expected).not.toBeNull();
    expect(Math.abs(found - (expected ?? 0))).toBeLessThanOrEqual(0.0021 * (expected ?? 0) + 0.0011);
  };

  it('reads every tag of a journal, and finds what the document says', async () => {
    await hlog('last', 'journal.hlog');
    expect((await java('-i', 'journal.hlog', '-listtags')).trim().split('\n').slice(1).sort()).toEqual(
      [...tags].sort(),
    );
    for (const tag of tags) {
      const found = await figures('journal.hlog', tag);
      const { count, p50Ms, p99Ms, maxMs } = document.latency[tag];
      expect(found.count, tag).toBe(count);
      near(found.p50Ms, p50Ms);
      near(found.p99Ms, p99Ms);
      near(found.maxMs, maxMs);
    }
    expect(document.latency.response.count).toBe(8000);
  });

  it('reads the windows of a saved file, warm-up included', async () => {
    await hlog('run.json', 'windows.hlog');
    const found = await figures('windows.hlog', 'response');
    expect(found.count).toBe(document.wholeRun.acked);
    expect(found.maxMs).toBeGreaterThanOrEqual((document.latency.response.maxMs ?? 0) * 0.998);
  });
});
