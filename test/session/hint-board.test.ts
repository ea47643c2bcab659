import { describe, expect, it } from 'vitest';
import type { Finding } from '../../source/analysis/hint-reading.ts';
import { HintBoard } from '../../source/session/hint-board.ts';

const linger: Finding = {
  name: 'batching-bound',
  evidence: 'it waits 5 ms',
  suggestion: { knob: 'lingerMs', from: 5, to: 0 },
};
const quota: Finding = { name: 'quota', evidence: 'brokers ask to wait', suggestion: null };

/** A look every second from `fromS` up to `toS`, with what was found. */
function look(board: HintBoard, fromS: number, toS: number, ...found: readonly Finding[]): string[] {
  const told: string[] = [];
  for (let second = fromS; second <= toS; second++) {
    for (const { name, timeMs } of board.take(found, second * 1000)) told.push(`${timeMs / 1000} ${name}`);
  }
  return told;
}

const shown = (board: HintBoard) => board.shown.map(({ name }) => name);

describe('HintBoard', () => {
  it('shows what holds for three seconds, and tells of it once', () => {
    const board = new HintBoard();
    expect(look(board, 1, 3, linger)).toEqual([]);
    expect(shown(board)).toEqual([]);
    expect(look(board, 4, 40, linger)).toEqual(['4 batching-bound']);
    expect(board.shown).toEqual([{ timeMs: 4000, ...linger }]);
  });

  it('does not show what comes and goes', () => {
    const board = new HintBoard();
    for (let second = 1; second < 30; second++) look(board, second, second, ...(second % 3 === 0 ? [] : [linger]));
    expect(shown(board)).toEqual([]);
  });

  it('does not count looks that lie far apart as one finding', () => {
    const board = new HintBoard();
    for (const second of [1, 5, 9, 13]) expect(look(board, second, second, linger)).toEqual([]);
    expect(shown(board)).toEqual([]);
  });

  it('goes on showing what is gone for a while, and is no news where it comes back soon', () => {
    const board = new HintBoard();
    look(board, 1, 10, linger);
    look(board, 11, 20);
    expect(shown(board)).toEqual(['batching-bound']);
    look(board, 21, 21);
    expect(shown(board)).toEqual([]);
    expect(look(board, 30, 40, linger)).toEqual([]);
    expect(shown(board)).toEqual(['batching-bound']);
    look(board, 41, 60);
    expect(look(board, 70, 80, linger)).toEqual(['73 batching-bound']);
  });

  it('tells of another suggestion', () => {
    const board = new HintBoard();
    look(board, 1, 10, linger);
    board.dropStale(() => 2);
    const other = { ...linger, suggestion: { knob: 'lingerMs', from: 2, to: 0 } } as const;
    expect(look(board, 11, 20, other)).toEqual(['14 batching-bound']);
  });

  it('keeps the suggestion that was read, and renews the evidence now and then', () => {
    const board = new HintBoard();
    look(board, 1, 4, linger);
    const later = { ...linger, evidence: 'it waits 4 ms', suggestion: { knob: 'lingerMs', from: 5, to: 1 } } as const;
    look(board, 5, 8, later);
    expect(board.shown[0]).toMatchObject({ evidence: 'it waits 5 ms' });
    look(board, 9, 9, later);
    expect(board.shown[0]).toMatchObject({ evidence: 'it waits 4 ms', suggestion: linger.suggestion });
  });

  it('drops a suggestion once its knob stands elsewhere', () => {
    const board = new HintBoard();
    look(board, 1, 10, linger, quota);
    board.dropStale(() => 5);
    expect(shown(board)).toEqual(['quota', 'batching-bound']);
    board.dropStale(() => 0);
    expect(shown(board)).toEqual(['quota']);
  });
});
