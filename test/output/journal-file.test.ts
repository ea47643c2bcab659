import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalName, sessionsKept } from '../../source/output/history.ts';
import { JournalFile } from '../../source/output/journal-file.ts';
import { waitUntil } from '../support/wait-until.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'loadtui-journal-'));
});
afterEach(async () => {
  await chmod(home, 0o700);
  await rm(home, { recursive: true, force: true });
});

const run = { id: '0123456789abcdef', startedAtMs: Date.UTC(2026, 10, 21, 12) };
const name = '20261121-120000-0123456789abcdef.ndjson';

function open(folder: string) {
  const failures: unknown[] = [];
  const journal = new JournalFile(folder, (error) => failures.push(error));
  return { journal, failures };
}

describe("a journal's file", () => {
  it('has every line in order, and is for nobody else to read', async () => {
    const folder = join(home, 'state', 'sessions');
    const { journal, failures } = open(folder);
    journal.start(run);
    for (const text of ['1', '2', '3']) journal.line(text);
    await journal.close();
    expect(await readFile(join(folder, name), 'utf8')).toBe('1\n2\n3\n');
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(failures).toEqual([]);
  });

  it('has a line soon, although the run goes on, and lines after it', async () => {
    const { journal } = open(home);
    journal.start(run);
    expect(journal.hasBegun).toBe(false);
    for (const text of ['first', 'second']) {
      journal.line(text);
      await waitUntil(
        `${text} is in the file`,
        async () => {
          const written = await readFile(join(home, name), 'utf8').catch(() => '');
          return written.includes(text) ? true : undefined;
        },
        { timeoutMs: 10_000 },
      );
      await waitUntil('it says so', () => (journal.hasBegun ? true : undefined), { timeoutMs: 10_000 });
    }
    await journal.close();
    expect(await readFile(join(home, name), 'utf8')).toBe('first\nsecond\n');
  });

  it('is not there before its first line', async () => {
    const { journal } = open(home);
    journal.start(run);
    await journal.close();
    expect(await readdir(home)).toEqual([]);
  });

  it('takes the place of the oldest', async () => {
    for (let day = 1; day <= sessionsKept; day++) {
      const path = join(home, journalName('fedcba9876543210', Date.UTC(2026, 0, day)));
      await writeFile(path, '');
      await utimes(path, 1, 1);
    }
    const { journal } = open(home);
    journal.start(run);
    journal.line('1');
    await journal.close();
    const names = (await readdir(home)).sort();
    expect(names).toHaveLength(sessionsKept);
    expect(names[0]).toContain('20260102');
    expect(names.at(-1)).toBe(name);
  });

  it.each<[string, (folder: string) => Promise<void>]>([
    ['a file in the place of the folder', (folder) => writeFile(folder, '')],
    ['a file of that name', (folder) => writeFile(join(home, name), '').then(() => rm(folder, { force: true }))],
  ])('fails once and quietly: %s', async (what, prepare) => {
    const folder = what.includes('folder') ? join(home, 'sessions') : home;
    await prepare(join(home, 'sessions'));
    const { journal, failures } = open(folder);
    journal.start(run);
    journal.line('1');
    await waitUntil('the failure', () => (failures.length > 0 ? true : undefined), { timeoutMs: 10_000 });
    journal.line('2');
    await journal.close();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(Error);
  });
});
