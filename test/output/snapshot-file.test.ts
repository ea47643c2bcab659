import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkWritable, defaultSnapshotName, writeSnapshot } from '../../source/output/snapshot-file.ts';
import { snapshotText } from '../../source/output/snapshot-text.ts';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { sampleDocument, sampleInterval } from '../session/sample.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadtui-snapshot-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const document = sampleDocument();

describe('the text', () => {
  test('is the document, whatever its width', () => {
    for (const changes of [{}, { intervals: [], events: [], errors: [], lag: [] }]) {
      const sample = sampleDocument(changes);
      expect(JSON.parse([...snapshotText(sample)].join(''))).toEqual(JSON.parse(JSON.stringify(sample)));
    }
  });

  test('has an interval to a line and no other long lines', () => {
    const lines = [...snapshotText(document)].join('').split('\n');
    const intervals = lines.filter((line) => line.includes('"elapsedMs"'));
    expect(intervals).toHaveLength(document.intervals.length);
    const plan = lines.filter((line) => line.includes('"source"'));
    expect(plan.length).toBeGreaterThan(30);
    expect(Math.max(...plan.map((line) => line.length))).toBeLessThanOrEqual(140);
    expect(lines.at(-1)).toBe('');
  });
});

describe('writing', () => {
  test('gives a whole document and leaves nothing else behind', async () => {
    const path = join(folder, 'a.json');
    await writeSnapshot(document, path, { force: false });
    expect(sessionDocumentSchema.parse(JSON.parse(await readFile(path, 'utf8')))).toEqual(
      JSON.parse(JSON.stringify(document)),
    );
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('copes with more text than one piece', async () => {
    const intervals = Array.from({ length: 3000 }, (_, second) => sampleInterval(second));
    const path = join(folder, 'long.json');
    await writeSnapshot(sampleDocument({ intervals }), path, { force: false });
    const read = sessionDocumentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    expect(read.intervals).toHaveLength(3000);
  });

  test('refuses a file that is there, and replaces it with force', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'mine');
    await expect(writeSnapshot(document, path, { force: false })).rejects.toMatchObject({
      code: 'FILE_EXISTS',
      exitCode: 2,
    });
    expect(await readFile(path, 'utf8')).toBe('mine');
    await writeSnapshot(document, path, { force: true });
    expect((await readFile(path, 'utf8')).startsWith('{\n  "schemaVersion": 1')).toBe(true);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('lets one of several writers of a name win, whole, and refuses the others', async () => {
    const path = join(folder, 'a.json');
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => writeSnapshot(document, path, { force: false })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'FILE_EXISTS' });
    }
    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('schemaVersion', 1);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('does not follow or replace a dangling link', async () => {
    const path = join(folder, 'a.json');
    await symlink(join(folder, 'elsewhere.json'), path);
    await expect(writeSnapshot(document, path, { force: false })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(existsSync(join(folder, 'elsewhere.json'))).toBe(false);
  });

  test.each([
    ['a folder that is not there', () => join(folder, 'none', 'a.json')],
    ['a file in place of a folder', () => join(folder, 'file', 'a.json')],
    ['a directory in place of a file', () => folder],
    ['a name too long', () => join(folder, `${'x'.repeat(300)}.json`)],
  ])('says FILE for %s', async (_what, path) => {
    await writeFile(join(folder, 'file'), '');
    for (const force of [false, true]) {
      await expect(writeSnapshot(document, path(), { force })).rejects.toMatchObject({ code: 'FILE', exitCode: 2 });
    }
    expect(await readdir(folder)).toEqual(['file']);
  });
});

test('a path can be checked before a run', async () => {
  const path = join(folder, 'a.json');
  await expect(checkWritable(path, { force: false })).resolves.toBeUndefined();
  await writeFile(path, '');
  await expect(checkWritable(path, { force: false })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  await expect(checkWritable(path, { force: true })).resolves.toBeUndefined();
  expect(await readdir(folder)).toEqual(['a.json']);
});

test.each([
  ['orders-load', new Date(2026, 10, 21, 12, 4, 31), 'orders-load-20261121-120431.json'],
  ['a', new Date(2026, 0, 2, 3, 4, 5), 'a-20260102-030405.json'],
  ['we/ird name', new Date(2026, 0, 2, 3, 4, 5), 'we_ird_name-20260102-030405.json'],
])('%s at %s is saved as %s', (topic, date, name) => {
  expect(defaultSnapshotName(topic, date)).toBe(name);
});

test('the longest topic still makes a file name', () => {
  expect(defaultSnapshotName('t'.repeat(249), new Date()).length).toBeLessThan(255);
});
