import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { choosePacing, pacingText, startPacer } from '../../source/load/pacer.ts';

describe('choosePacing', () => {
  it.each([
    ['timer', 64, 1, 'timer'],
    ['spin', 1, 4, 'spin'],
    ['auto', 2, 1, 'timer'],
    ['auto', 4, 1, 'timer'],
    ['auto', 5, 1, 'spin'],
    ['auto', 7, 4, 'timer'],
    ['auto', 8, 4, 'spin'],
  ] as const)('%s on %d cores with %d threads is %s', (asked, cores, threads, pacing) => {
    expect(choosePacing(asked, cores, threads)).toBe(pacing);
  });

  it('says what came of it', () => {
    expect(pacingText('auto', 'timer')).toBe('pacing auto → timer: looks for due messages every millisecond');
    expect(pacingText('spin', 'spin')).toBe('pacing spin: looks for due messages all the time');
  });
});

describe('startPacer', () => {
  /** What the pacer has asked for and not got yet; it ends with the test. */
  let asked: { readonly how: string; turn(): void }[] = [];

  beforeEach(() => {
    asked = [];
    vi.stubGlobal('setTimeout', (turn: () => void, delayMs: number) => {
      const refresh = (): unknown => asked.push({ how: `in ${delayMs} ms`, turn });
      refresh();
      return { refresh };
    });
    vi.stubGlobal('setImmediate', (turn: () => void) => asked.push({ how: 'at once', turn }));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** How the pacer asked for each of its looks; `answers` says whether more is due. */
  function looks(pacing: 'timer' | 'spin', answers: readonly boolean[]): string[] {
    let looked = 0;
    const how: string[] = [];
    startPacer(pacing, () => answers[looked++] ?? false);
    for (let turn = 0; turn < answers.length; turn++) {
      const [next] = asked.splice(0);
      expect(looked).toBe(turn);
      if (next === undefined) break;
      how.push(next.how);
      next.turn();
    }
    expect(looked).toBe(answers.length);
    return how;
  }

  it('looks every millisecond by timer, and at once while more is due', () => {
    const [timer, once] = ['in 1 ms', 'at once'];
    expect(looks('timer', [false, true, true, false, false])).toEqual([timer, timer, once, once, timer]);
  });

  it('looks at every turn while it spins', () => {
    expect(looks('spin', [false, true, false])).toEqual(['at once', 'at once', 'at once']);
  });
});
