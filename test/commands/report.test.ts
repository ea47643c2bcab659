import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { journalName } from '../../source/output/history.ts';
import { snapshotText } from '../../source/output/snapshot-text.ts';
import { type SessionDocument, sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { type Ended, loadtuiHere } from '../cli/support.ts';
import { sampleDocument, startMs } from '../session/sample.ts';
import { intervalLine, startLine, texts } from '../session/support/journal-lines.ts';
import { runCommand } from '../support/run-command.ts';
import { entry, Program } from './support/program.ts';

let folder = '';
let history = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadtui-report-'));
  history = join(folder, 'state', 'loadtui', 'sessions');
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'state'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A past run of so many seconds, which broke off. */
async function pastRun(hour: number, seconds: number): Promise<void> {
  const path = join(history, journalName('0123456789abcdef', startMs + hour * 3_600_000));
  const intervals = Array.from({ length: seconds }, (_, second) => intervalLine(second, 1000));
  await mkdir(history, { recursive: true });
  await writeFile(path, `${texts(startLine(), ...intervals).join('\n')}\n`);
}

async function saved(name: string, document = sampleDocument(), writtenS?: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, [...snapshotText(document)].join(''));
  if (writtenS !== undefined) await utimes(path, writtenS, writtenS);
  return path;
}

function documentOf({ code, stdout, stderr }: Ended): SessionDocument {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return sessionDocumentSchema.parse(JSON.parse(stdout));
}

const seconds = async (...words: readonly string[]): Promise<number> =>
  documentOf(await loadtuiHere(['report', ...words])).intervals.length;

describe('loadtui report', () => {
  it('finds past runs, a file, and the newest of a folder', async () => {
    await pastRun(1, 1);
    await pastRun(3, 3);
    await pastRun(2, 2);
    expect(await seconds('last')).toBe(3);
    expect(await seconds('last~0')).toBe(3);
    expect(await seconds('last~2', '--format', 'json')).toBe(1);
    const file = await saved('run.json', undefined, 2000);
    await saved('older.json', sampleDocument({ intervals: [] }), 1000);
    await writeFile(join(folder, 'package.json'), '{"name": "something else"}');
    expect(await seconds(file)).toBe(4);
    expect(await seconds(folder)).toBe(4);
    expect(await seconds(join(history, journalName('0123456789abcdef', startMs + 7_200_000)))).toBe(2);
  });

  it('gives a saved document as it is', async () => {
    const document = sampleDocument();
    expect(documentOf(await loadtuiHere(['report', await saved('a.json', document)]))).toEqual(document);
  });

  it('says that a run broke off', async () => {
    await pastRun(1, 3);
    const { run, totals } = documentOf(await loadtuiHere(['report', 'last']));
    expect(run.verdict).toMatchObject({ exitCode: 1, label: 'broke off' });
    expect(totals).toMatchObject({ acked: 2000, missing: null });
  });

  it('writes an interval log: of the measured seconds, of windows where there is no more', async () => {
    await pastRun(1, 3);
    const bySecond = (await loadtuiHere(['report', 'last', '--format', 'hlog'])).stdout.split('\n');
    expect(bySecond.filter((line) => line.startsWith('Tag=response,')).map((line) => line.split(',')[1])).toEqual([
      '0.000',
      '1.000',
    ]);
    const byWindow = await loadtuiHere(['report', await saved('a.json'), '--format=hlog']);
    expect(byWindow).toMatchObject({ code: 0, stdout: expect.stringContaining('\nTag=response,0.000,4.000,') });
  });

  it('writes into a file, and over one with --force only', async () => {
    await pastRun(1, 2);
    const path = join(folder, 'out.json');
    const words = ['report', 'last', '-o', path];
    expect(await loadtuiHere(words)).toEqual({ code: 0, stdout: '', stderr: `saved  ${path}\n` });
    const text = await readFile(path, 'utf8');
    expect(sessionDocumentSchema.parse(JSON.parse(text)).intervals).toHaveLength(2);
    const again = await loadtuiHere(words);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('--force');
    await pastRun(2, 1);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await loadtuiHere([...words, '--force'])).toMatchObject({ code: 0 });
    expect(await readFile(path, 'utf8')).not.toBe(text);
  });

  it('does not write to where runs put their files', async () => {
    vi.stubEnv('LOADTUI_OUT', join(folder, 'not-there'));
    await pastRun(1, 2);
    expect(await seconds('last')).toBe(2);
  });

  it.each<[string, string, string]>([
    ['', 'which session?', 'loadtui report last'],
    ['last', 'the history is empty', 'Run loadtui first'],
    ['no-such-file.json', 'there is no session no-such-file.json', 'a file that --save wrote'],
    ['. --format html', '--format html comes in a later version', 'json and hlog'],
    ['. --format hlgo', 'there is no format "hlgo"', 'Did you mean hlog?'],
    ['a b', '"b" is too much', ''],
    ['last --rate 5', '--rate means nothing to loadtui report', ''],
  ])('%s: %s', async (words, message, next) => {
    const ended = await loadtuiHere(['report', ...words.split(' ').filter((word) => word !== '')]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain(next);
  });

  it('names the oldest where the history does not go back so far', async () => {
    await pastRun(1, 1);
    await pastRun(2, 1);
    const { code, stderr } = await loadtuiHere(['report', 'last~2']);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no last~2 in the history');
    expect(stderr).toContain('the oldest is last~1');
  });

  it('refuses what is no session, with what is wrong and where', async () => {
    const refused = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      const { code, stdout, stderr } = await loadtuiHere(['report', join(folder, name)]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused('a.json', 'hello')).toContain('a.json is not a saved session or a journal');
    expect(await refused('b.json', '{"schemaVersion": 2}')).toContain('schemaVersion: Invalid input');
    const lines = texts(startLine(), intervalLine(1, 5), intervalLine(2, 5));
    lines.splice(1, 1, '{"kind":"interval"}');
    const journal = await refused('c.ndjson', lines.join('\n'));
    expect(journal).toContain('c.ndjson is a journal with a fault: number: ');
    expect(journal).toMatch(/c\.ndjson:2\b|line 2/);
    expect(await refused('d.json', '')).toContain('d.json is not');
    const empty = join(folder, 'empty');
    await mkdir(empty);
    expect((await loadtuiHere(['report', empty])).stderr).toContain(`no session is in ${empty}`);
  });
});

// One after the other: they look at the history in this process.
describe('the history of runs', { timeout: 90_000 }, () => {
  it('has a run that was killed, but for its last two seconds', async (context) => {
    const program = new Program(context, ['--json', '--rate', '1k', '--duration', '120s', '--no-achieved-gate']);
    const measured = await program.intervals(4);
    await program.kill();
    vi.stubEnv('XDG_STATE_HOME', program.stateHome);
    const document = documentOf(await loadtuiHere(['report', 'last', '--format', 'json']));
    expect(document.run).toMatchObject({ endedAt: null, verdict: { exitCode: 1, label: 'broke off' } });
    // A line is told a second after its interval's end: one before the last is two seconds old.
    const old = measured.slice(0, -1);
    expect(document.intervals.slice(0, old.length).map(({ timeMs }) => timeMs)).toEqual(old);
    const { totals, latency, epochs } = document;
    const rows = document.intervals.filter(({ phase }) => phase === 'measuring');
    for (const field of ['scheduled', 'sent', 'acked', 'consumed', 'bytesSent'] as const) {
      expect(rows.reduce((sum, row) => sum + row[field], 0)).toBe(totals[field]);
    }
    expect(totals.acked).toBeGreaterThanOrEqual(old.length * 500);
    expect(latency.response.count).toBe(totals.acked);
    expect(latency.response.hdr).not.toBeNull();
    expect(epochs.map((epoch) => epoch.totals)).toEqual([totals]);
  });

  it('has the same document as --save, and nothing with --no-history', async (context) => {
    const run = ['--plain', '--rate', '1k', '--duration', '1s', '--no-achieved-gate'];
    const program = new Program(context, [...run, '--save', join(folder, 'run.json')]);
    const quiet = new Program(context, [...run, '--no-history']);
    for (const one of [program, quiet]) expect([0, 4, 6]).toContain(await one.exitCode());
    vi.stubEnv('XDG_STATE_HOME', program.stateHome);
    const file = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
    expect(documentOf(await loadtuiHere(['report', 'last']))).toEqual(file);
    vi.stubEnv('XDG_STATE_HOME', quiet.stateHome);
    expect(await loadtuiHere(['report', 'last'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('does without a folder that cannot be written to, and says so once', async (context) => {
    const run = ['--json', '--rate', '1k', '--duration', '1s', '--no-achieved-gate'];
    const blocked = join(folder, 'a-file');
    await writeFile(blocked, '');
    const program = new Program(context, run, { XDG_STATE_HOME: blocked });
    expect([0, 4, 6]).toContain(await program.exitCode());
    const warnings = program.objects().filter(({ eventType }) => eventType === 'warning');
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('the history gets no more')]);
  });

  it('ends where the disk is full, and the run goes on', async () => {
    const run = ['--json', '--rate', '1k', '--duration', '4s', '--warm-up', '0s', '--no-achieved-gate'];
    // No file may grow beyond 24 KiB: some seconds of a journal.
    const limited = 'trap "" XFSZ; ulimit -f 24; exec "$0" "$@"';
    const ended = await runCommand('bash', ['-c', limited, process.execPath, entry, ...run]);
    expect([0, 4, 6], ended.stderr).toContain(ended.exitCode);
    const objects = ended.stdout.trimEnd().split('\n');
    expect(objects.filter((line) => line.includes('"eventType":"warning"'))).toEqual([
      expect.stringContaining('the history gets no more of this run: EFBIG'),
    ]);
    expect(JSON.parse(objects.at(-1) ?? '')).toMatchObject({ type: 'summary', totals: { acked: 4000 } });
    const { run: broken, intervals } = documentOf(await loadtuiHere(['report', 'last']));
    expect(broken.verdict.label).toBe('broke off');
    expect(intervals.length).toBeGreaterThan(0);
    expect(intervals.length).toBeLessThan(4);
  });
});
