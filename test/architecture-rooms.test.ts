import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The entries that stand below `source/` in ARCHITECTURE.md's drawing of the rooms. */
function drawnRooms(page: string): string[] {
  const drawing = /^source\/\n((?: {2}.*\n)+)/m.exec(page)?.[1] ?? '';
  return [...drawing.matchAll(/^ {2}(\S+)/gm)].map((match) => (match[1] ?? '').replace(/\/$/, ''));
}

describe('ARCHITECTURE.md', () => {
  const page = readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8');

  it('draws the rooms that are there, and no others', () => {
    const rooms = readdirSync(new URL('../source/', import.meta.url));
    expect(drawnRooms(page).toSorted()).toEqual(rooms.toSorted());
  });

  it('names only files that are there', () => {
    const named = [...page.matchAll(/`((?:[a-z-]+\/)+[a-z0-9-]+\.tsx?)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    const there = new Set(readdirSync(new URL('../source/', import.meta.url), { recursive: true, encoding: 'utf8' }));
    expect(named.filter((name) => !name.startsWith('test/') && !there.has(name))).toEqual([]);
  });
});

describe('drawnRooms', () => {
  it('reads folders and files of the drawing', () => {
    expect(drawnRooms('bin/  x\nsource/\n  cli.ts   y\n  ui/      z\ntest/  w\n')).toEqual(['cli.ts', 'ui']);
  });
});
