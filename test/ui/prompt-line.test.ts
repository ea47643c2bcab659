import { describe, expect, it } from 'vitest';
import { widthOf } from '../../source/ui/cells.ts';
import type { LineState } from '../../source/ui/line-editor.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { promptLine } from '../../source/ui/panels/prompt-line.ts';
import { initialState, type Prompt } from '../../source/ui/state.ts';
import { fakeView } from './fake-view.ts';

const reverse = `${String.fromCharCode(27)}[7m`;
const sgr = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

function draw(prompt: Prompt, columns = 80): string {
  const view = fakeView();
  const state = initialState('mono', 'block');
  const context = { paint: createPaint('mono', true), ascii: false, view, live: view, state, nowMs: 0 };
  return promptLine(context, prompt, columns);
}

const bare = (drawn: string): string => drawn.replaceAll(sgr, '');
const command = (line: LineState): Prompt => ({ kind: 'command', line, historyAt: null });
const long = 'sweep batch-size=16KiB,64KiB,256KiB linger=0,5ms,20ms producers=1..8 repeats 3 find p99<10ms from 5k';

describe('a line that is typed', () => {
  it('stays in view around its cursor, wherever that stands', () => {
    for (let cursor = 0; cursor <= long.length; cursor++) {
      const drawn = draw(command({ text: long, cursor }));
      const [before = '', after = ''] = drawn.split(reverse);
      expect(widthOf(drawn)).toBeLessThanOrEqual(80);
      expect(bare(after)[0], `at ${cursor}`).toBe(`${long} `[cursor]);
      // What was typed last is what is looked at.
      const left = long.slice(Math.max(0, cursor - 20), cursor);
      expect(bare(before).endsWith(left), `before ${cursor}`).toBe(true);
    }
  });

  it('shows by an ellipsis where there is more of it', () => {
    expect(bare(draw(command({ text: long, cursor: 0 })))).toMatch(/^ :sweep batch-size=.*…$/);
    expect(bare(draw(command({ text: long, cursor: 50 })))).toMatch(/^ :….*…$/);
    expect(bare(draw(command({ text: long, cursor: long.length })))).toMatch(/^ :….* find p99<10ms from 5k $/);
  });

  it('leaves the hint out where there is no room, and is whole where there is', () => {
    const text = 'find p99<10ms from 1k cap 4k quick';
    expect(bare(draw(command({ text, cursor: text.length })))).toMatch(
      /^ :find .* quick {4}about \d+:\d\d {3}⏎ begins/,
    );
    const knob = { kind: 'knob', name: 'rate', line: { text: '9'.repeat(90), cursor: 90 } } as const;
    expect(bare(draw(knob))).toMatch(/^ rate: …9+ $/);
  });
});

describe('the hint of a command', () => {
  const hint = (text: string, columns = 160): string => bare(draw(command({ text, cursor: text.length }), columns));

  it.each([
    ['find ', 'p99<10ms [from 1k] [cap 9k] [max-time 5m] [quick] | resume'],
    ['ramp ', '10k 200k 60s [step 5s] [geometric]   sine  bursts'],
    ['sweep ', 'linger=0,5ms producers=1,4 [repeats 3] [seed 7] [find p99<10ms]   rate=  batch-size='],
    ['sweep linger=0,5ms ', 'repeats  seed  find  rate=  batch-size=  producers='],
    ['hold p99<10ms ', 'cap'],
    ['compression ', 'none  gzip  snappy  lz4  zstd'],
  ])('"%s": %s', (text, expected) => {
    expect(hint(text)).toContain(`:${text}    ${expected}`);
  });

  it('says how long it takes, and what could be asked besides', () => {
    expect(hint('find p99<10ms cap 4k ')).toMatch(/about \d+:\d\d {3}⏎ begins, esc {3}from {2}max-time {2}quick$/);
    expect(hint('find p99<10ms cap 4k quick')).toMatch(/begins, esc$/);
  });

  it('has all of the words of a search in 80 columns', () => {
    expect(hint('find ', 80)).toContain('[quick] | resume');
  });
});

describe('a question', () => {
  it('keeps the keys that answer it, and gives up its end', () => {
    const question = `doubles the rate from 1 k/s until it fails, ${'and so on '.repeat(9)}`;
    expect(bare(draw({ kind: 'confirm', question, again: { kind: 'undo' } }))).toMatch(
      /^ doubles the rate .*… ⏎ again, esc$/,
    );
    expect(bare(draw({ kind: 'confirm', question: 'really?', again: { kind: 'undo' } }))).toBe(' really? ⏎, esc');
  });
});
