import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { journalName } from '../../source/output/history.ts';
import { snapshotText } from '../../source/output/snapshot-text.ts';
import type { DocumentState } from '../../source/session/document.ts';
import { loadtuiHere } from '../cli/support.ts';
import { sampleDocument, sampleInterval, samplePlan, sampleState, startMs } from '../session/sample.ts';
import { intervalLine, startLine, texts } from '../session/support/journal-lines.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadtui-compare-'));
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'state'));
  vi.stubEnv('LC_ALL', 'C.UTF-8');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A saved run; of different numbers are different runs, one minute after the other. */
async function saved(number: number, changes: Partial<DocumentState> = {}): Promise<string> {
  const path = join(folder, `${number}.json`);
  const { run } = sampleState();
  const own = { ...run, id: String(number).padStart(16, '0'), startedAtMs: startMs + number * 60_000 };
  await writeFile(path, [...snapshotText(sampleDocument({ run: own, ...changes }))].join(''));
  return path;
}

/** A run with that rate acknowledged. */
const atRate = (ackedRate: number): Partial<DocumentState> => ({
  intervals: [1, 2, 3].map((second) => sampleInterval(second, { ackedRate })),
  totals: { ...sampleState().totals, acked: 3 * ackedRate, scheduled: 3 * ackedRate },
});

/** Alternating: odd ones are the base. */
async function sides(base: (at: number) => number, later: (at: number) => number): Promise<[string[], string[]]> {
  const [before, after]: [string[], string[]] = [[], []];
  for (let at = 0; at < 5; at++) {
    before.push(await saved(2 * at + 1, atRate(base(at))));
    after.push(await saved(2 * at + 2, atRate(later(at))));
  }
  return [before, after];
}

describe('loadtui compare', () => {
  it('shows one run each, and claims nothing', async () => {
    const ended = await loadtuiHere(['compare', await saved(1), await saved(2), '--fail-on-regression']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^loadtui compare {2}one run each: no significance claimed\n/);
    expect(ended.stdout).toMatch(/\n {2}throughput +1\.00 k\/s +1\.00 k\/s +\+0\.0 %/);
  });

  it('takes the first for the base and the others for new, or what --base and --new say', async () => {
    const [a, b, c, d] = [await saved(1), await saved(2), await saved(3), await saved(4)];
    const sidesOf = async (...words: readonly string[]): Promise<readonly string[][]> => {
      const { stdout } = await loadtuiHere(['compare', ...words, '--format', 'json']);
      const comparison = JSON.parse(stdout);
      return [comparison.base, comparison.new].map((runs: { session: string }[]) => runs.map(({ session }) => session));
    };
    expect(await sidesOf(a, b, c)).toEqual([[a], [b, c]]);
    expect(await sidesOf('--base', a, b, '--new', c, d)).toEqual([
      [a, b],
      [c, d],
    ]);
    expect(await sidesOf('--new', d, `--base=${b}`, a, '--new', c)).toEqual([
      [b, a],
      [d, c],
    ]);
  });

  it('finds past runs and the newest of a folder', async () => {
    const history = join(folder, 'state', 'loadtui', 'sessions');
    await mkdir(history, { recursive: true });
    for (const hour of [1, 2]) {
      const run = { id: `${hour}`.padStart(16, '0'), startedAt: new Date(startMs + hour * 3_600_000).toISOString() };
      const start = startLine();
      const lines = texts(
        { ...start, start: { ...start.start, run: { ...start.start.run, ...run } } },
        intervalLine(0, 1000),
        intervalLine(1, 1000),
      );
      await writeFile(join(history, journalName(run.id, startMs + hour * 3_600_000)), `${lines.join('\n')}\n`);
    }
    const { code, stdout, stderr } = await loadtuiHere(['compare', 'last~1', 'last']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('one run each');
    expect(stdout).toContain('last~1 and 1 more: exit code 1, broke off.');
    await saved(7);
    const withFolder = await loadtuiHere(['compare', 'last', folder]);
    expect(withFolder).toMatchObject({ code: 0, stdout: expect.stringContaining('3 s on kafka') });
  });

  it('labels five a side, and fails on a regression where that is asked for', async () => {
    const [base, later] = await sides(
      (at) => 1000 + at,
      (at) => 800 + at,
    );
    const words = ['compare', '--base', ...base, '--new', ...later];
    const ended = await loadtuiHere(words);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/throughput .* different: worse\n/);
    expect((await loadtuiHere([...words, '--fail-on-regression'])).code).toBe(4);
    expect((await loadtuiHere(['compare', '--base', ...later, '--new', ...base, '--fail-on-regression'])).code).toBe(0);
  });

  it('writes Markdown and JSON, and into a file', async () => {
    const files = [await saved(1), await saved(2)];
    const path = join(folder, 'out.md');
    const words = ['compare', ...files, '--format', 'md', '-o', path];
    expect(await loadtuiHere(words)).toEqual({ code: 0, stdout: '', stderr: `saved  ${path}\n` });
    expect(await readFile(path, 'utf8')).toMatch(/^## one run each[\s\S]*\| throughput \| 1\.00 k\/s \|/);
    expect(await loadtuiHere(words)).toMatchObject({ code: 2 });
    expect(await loadtuiHere([...words, '--force'])).toMatchObject({ code: 0 });
    const { stdout } = await loadtuiHere(['compare', ...files, '--format=json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      type: 'comparison',
      claim: 'one-run-each',
      regression: false,
    });
  });

  it('keeps to ASCII where that is asked for', async () => {
    const files = [await saved(1), await saved(2), await saved(3)];
    expect((await loadtuiHere(['compare', ...files])).stdout).toContain('×12');
    expect((await loadtuiHere(['compare', ...files, '--ascii'])).stdout).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('refuses runs that measure different things, by name, unless forced', async () => {
    const base = await saved(1);
    const planned = (plan: Partial<typeof samplePlan>) => ({ plan: { plan: { ...samplePlan, ...plan }, sources: {} } });
    const { cluster } = sampleState();
    const [topic] = cluster.topics;
    const cases: readonly [Partial<DocumentState>, string][] = [
      [planned({ messageSizeBytes: 1024 }), 'message size (100 B against 1 KiB)'],
      [{ ...planned({ acks: 1 }), epochs: [] }, 'acks (all against 1)'],
      [planned({ slos: [] }), 'SLO (response.p99<10ms against none)'],
      [{ cluster: { ...cluster, sandbox: true } }, 'broker (a cluster against the sandbox)'],
      [
        { cluster: { ...cluster, topics: topic === undefined ? [] : [{ ...topic, partitions: 6 }] } },
        'topics (×12 RF3',
      ],
    ];
    for (const [changes, text] of cases) {
      const other = await saved(2, changes);
      const { code, stdout, stderr } = await loadtuiHere(['compare', base, other]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`they differ in ${text}`);
      expect(stderr).toContain('--force-compare');
      const forced = await loadtuiHere(['compare', base, other, '--force-compare']);
      expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('UNLIKE') });
    }
  });

  it.each<[string, string, string]>([
    ['', 'which sessions?', 'loadtui compare A.json B.json'],
    ['a.json', 'compare a.json with what?', '--base A*.json --new B*.json'],
    ['a.json b.json --new c.json', '"a.json" is on neither side', ''],
    ['--new c.json', '--new has nothing to be compared with', ''],
    ['--base c.json', '--base has nothing to be compared with', ''],
    ['no-such-file.json last', 'there is no session no-such-file.json', 'a file that --save wrote'],
    ['a.json b.json --format hlog', 'there is no format "hlog" of comparisons', 'text, md, json'],
    ['a.json b.json --rate 5', '--rate means nothing to loadtui compare', ''],
  ])('%s: %s', async (words, message, next) => {
    const ended = await loadtuiHere(['compare', ...words.split(' ').filter((word) => word !== '')]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain(next);
  });

  it('prints no control characters of a file', async () => {
    const path = join(folder, 'evil.json');
    const evil = '\u001b]52;c;AAAA\u0007';
    const document = sampleDocument();
    for (const text of [`${evil}\u009b`, `{"${evil}": 1}`, JSON.stringify({ ...document, [evil]: evil })]) {
      await writeFile(path, text);
      const { code, stderr } = await loadtuiHere(['compare', path, 'last']);
      expect(code).toBe(2);
      expect(stderr).toContain('evil.json is not a saved session');
      expect(stderr).toMatch(/^[\n\P{Cc}]*$/u);
    }
  });

  it('leaves its flags to itself', async () => {
    for (const words of [
      ['--base', 'a'],
      ['report', 'last', '--force-compare'],
      ['topics', '--fail-on-regression'],
    ]) {
      const { code, stderr } = await loadtuiHere(words);
      expect(code).toBe(2);
      expect(stderr).toContain('means nothing to loadtui');
    }
  });
});
