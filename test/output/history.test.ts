import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalName, journalsIn, pruneJournals, runsGoing } from '../../source/output/history.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadtui-history-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const dayMs = Date.UTC(2026, 10, 21);
const nameAt = (second: number): string => journalName('0123456789abcdef', dayMs + second * 1000);

/** Journals of these seconds, last written so long ago. */
async function journals(seconds: readonly number[], agoS: number): Promise<void> {
  for (const second of seconds) {
    const path = join(folder, nameAt(second));
    await writeFile(path, '');
    await utimes(path, Date.now() / 1000 - agoS, Date.now() / 1000 - agoS);
  }
}

describe('the history', () => {
  it('has a name for each run, which sorts by time', () => {
    expect(journalName('0123456789abcdef', dayMs + 3_723_456.7)).toBe('20261121-010203-0123456789abcdef.ndjson');
  });

  it('is listed newest first, without other files', async () => {
    await journals([2, 1, 3], 0);
    await writeFile(join(folder, 'notes.ndjson'), '');
    await writeFile(join(folder, `${nameAt(4)}.bak`), '');
    expect(await journalsIn(folder)).toEqual([3, 2, 1].map((second) => join(folder, nameAt(second))));
  });

  it('is empty where there is no folder', async () => {
    expect(await journalsIn(join(folder, 'none'))).toEqual([]);
    await pruneJournals(join(folder, 'none'), 3);
  });

  it('keeps the newest, and what another run may be writing to', async () => {
    await journals([1, 3, 4, 5, 6], 3600);
    await journals([2], 1);
    await writeFile(join(folder, '20200101-000000-mine.ndjson'), '');
    await pruneJournals(folder, 3);
    expect((await readdir(folder)).sort()).toEqual(['20200101-000000-mine.ndjson', ...[2, 4, 5, 6].map(nameAt)]);
    expect(existsSync(join(folder, nameAt(1)))).toBe(false);
  });

  it('knows the runs that are going: written to just now, by a process that lives', async () => {
    const [now, nobody] = [Date.now(), 2 ** 30];
    const ids = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(16));
    for (const [id, pid, agoS] of [
      [ids[0], process.pid, 1],
      [ids[1], nobody, 1],
      [ids[2], process.pid, 60],
    ] as const) {
      const path = join(folder, journalName(id ?? '', now));
      await writeFile(path, `{"kind":"start","journalVersion":1,"pid":${pid},"zeroMs":1}\n`);
      await utimes(path, now / 1000 - agoS, now / 1000 - agoS);
    }
    await writeFile(join(folder, journalName(ids[3] ?? '', now)), '');
    expect([...(await runsGoing(folder, now))]).toEqual([ids[0]]);
    expect([...(await runsGoing(join(folder, 'none')))]).toEqual([]);
  });
});
