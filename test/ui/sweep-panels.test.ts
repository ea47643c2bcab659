import { describe, expect, it } from 'vitest';
import { readSweep } from '../../source/config/sweep.ts';
import type { Sweep } from '../../source/session/document-sweep-schema.ts';
import type { SessionView } from '../../source/session/view.ts';
import { widthOf } from '../../source/ui/cells.ts';
import { drawFrame, frameLines } from '../../source/ui/frame.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { initialState, type ScreenState } from '../../source/ui/state.ts';
import { fakeSweep } from '../session/support/fake-sweep.ts';
import { fakeSearch } from './fake-search.ts';
import { fakeView } from './fake-view.ts';

const sgr = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

function lines(
  view: Partial<SessionView>,
  changes: Partial<ScreenState> = {},
  [columns, rows]: readonly [number, number] = [120, 30],
  ascii = false,
): readonly string[] {
  const state = { ...initialState('default', 'block'), upper: 'search' as const, ...changes };
  const paint = createPaint('default', false);
  const frame = drawFrame({ columns, rows, view: fakeView(view), state, paint, ascii, nowMs: 0 });
  return frameLines(frame).map((line) => line.replaceAll(sgr, ''));
}

const table = { focus: 'steps', expanded: 'steps' } as const;
const map = { focus: 'curve', expanded: 'curve' } as const;
const row = (drawn: readonly string[], part: string): string => drawn.find((line) => line.includes(part)) ?? '';

const long = readSweep('consumers=1..96\nbatch-size=16KiB..16MiB\nlinger=0,0.5ms..32ms\nacks=0,1,all');
const usual = readSweep('batch-size=16KiB,64KiB\nlinger=0,5ms\nproducers=1,4');
const twice = (sweep: Sweep): Sweep => {
  const again = sweep.runs.map((run) => ({ ...run, repeat: 1, response: { ...run.response, p99Ms: 9 } }));
  return fakeSweep({ repeats: 2, runs: [...sweep.runs, ...again] }, sweep.knobs);
};
const views: readonly (readonly [string, Partial<SessionView>])[] = [
  ['done', { sweeps: [fakeSweep()] }],
  ['not begun', { sweeps: [fakeSweep({ runs: [], outcome: 'running' })] }],
  ['one knob', { sweeps: [fakeSweep({}, readSweep('consumers=1..96'))] }],
  ['three knobs', { sweeps: [fakeSweep({}, usual)] }],
  ['three knobs with repeats', { sweeps: [twice(fakeSweep({}, usual))] }],
  ['two knobs with repeats', { sweeps: [twice(fakeSweep())] }],
  ['many combinations', { sweeps: [fakeSweep({}, long)] }],
  [
    'odd figures',
    {
      sweeps: [
        fakeSweep({ slo: 'p99<1ms' }, readSweep('linger=0,5ms'), [
          [12_345_678, 123_456],
          [null, null],
        ]),
      ],
      card: { kind: 'sweep', text: 'a long word '.repeat(40), rateHz: null },
    },
  ],
];

describe('pictures of a sweep', () => {
  it('the table has the best first, with the Pareto mark and the values of its knobs', () => {
    const drawn = lines({ sweeps: [fakeSweep()] }, table);
    expect(row(drawn, 'p99 ms')).toMatch(/p99 ms\s+rate\s+linger\s+producers/);
    expect(row(drawn, '2.00')).toMatch(/\* +2\.00 +1\.00 k\/s +0 ms +1 /);
    expect(row(drawn, '3.00')).toMatch(/│ {3,}3\.00 +1\.00 k\/s +0 ms +4 /);
    expect(row(drawn, '700/s')).toMatch(/ +— +700\/s +5 ms +4 /);
    expect(drawn.join('\n')).toMatch(/Best first .*\* Pareto front/);
  });

  it('the table shows how far repeats lie apart', () => {
    const sweeps = [twice(fakeSweep())];
    expect(row(lines({ sweeps }, table), 'rate')).toContain('p99 of repeats');
    expect(row(lines({ sweeps }, table), '5.50')).toContain('2.00–9.00');
    expect(row(lines({ sweeps }), 'rate')).toMatch(/linger +prod +repeats/);
    expect(row(lines({ sweeps }), '5.50')).toContain('2.00–9.00');
  });

  it('the table has all knobs where there is little room, under short labels and without the spread of repeats', () => {
    const drawn = lines({ sweeps: [fakeSweep({}, usual)] });
    expect(row(drawn, 'p99 ms')).toMatch(/ batch +linger +prod *│$/);
    expect(row(drawn, '2.00')).toMatch(/16 KiB +0 ms +1 *│$/);
    expect(row(drawn, '3.00')).toMatch(/16 KiB +0 ms +4 *│$/);
    expect(drawn.join('\n')).not.toContain('all columns');
    const repeated = lines({ sweeps: [twice(fakeSweep({}, usual))] });
    expect(row(repeated, 'p99 ms')).toMatch(/ batch +linger +prod *│$/);
    expect(repeated.join('\n')).toMatch(/8 v: all columns {2}1–7 of 8 ╮/);
    expect(lines({ sweeps: [twice(fakeSweep({}, usual))] }, { focus: 'steps' }).join('\n')).toMatch(/ v: all columns/);
  });

  it('the table leaves out whole knobs where they have no room, and says how to see them', () => {
    const swept = readSweep('batch-size=16KiB,64KiB\nlinger=0,5ms\nproducers=1,4\nconsumers=1,2\nacks=1,all');
    const drawn = lines({ sweeps: [fakeSweep({}, swept)] });
    expect(row(drawn, 'p99 ms')).toMatch(/ batch +linger +prod +cons *│$/);
    expect(drawn.join('\n')).toMatch(/1–\d+ of 32 /);
    expect(drawn.join('\n')).toMatch(/8 v: all columns/);
    expect(row(lines({ sweeps: [fakeSweep({}, swept)] }, table), 'p99 ms')).toMatch(/producers +consumers +acks/);
  });

  it('scrolls down from the best', () => {
    const drawn = lines({ sweeps: [fakeSweep({}, long)] }, { ...table, sweepScroll: 5 }, [80, 24]);
    expect(drawn.join('\n')).toMatch(/6–21 of \d+ {2}\* Pareto front/);
  });

  it('the map has a shade and the number in each cell, and a dash where there is none', () => {
    const drawn = lines({ sweeps: [fakeSweep()] }, map);
    expect(drawn.join('\n')).toContain('p99, ms');
    expect(row(drawn, 'linger →')).toContain('producers ↓');
    expect(row(drawn, '2.00')).toMatch(/1 +░░ +2\.00 +██ +7\.00/);
    expect(row(drawn, '3.00')).toMatch(/4 +▒▒ +3\.00 +—/);
  });

  it('spans the map by the knobs with the most values, at the values that are best of the others', () => {
    const swept = readSweep('acks=1,all\nlinger=0,1ms,2ms\nproducers=1..8');
    const drawn = lines({ sweeps: [fakeSweep({}, swept)] }, map);
    expect(row(drawn, 'p99, ms')).toContain('p99, ms, at acks 1');
    expect(row(drawn, '→')).toContain('producers →   linger ↓');
  });

  it('says how much of the map has no room, whatever else stands there', () => {
    const drawn = lines({ sweeps: [fakeSweep({ slo: 'p99<10ms' }, long)] });
    expect(row(drawn, '→')).toMatch(/consumers →.* [1-9] more → {2}[1-9]\d* more ↓│/);
    expect(row(drawn, 'highest rate')).toMatch(/highest rate, msg\/s, at linger 0 ms, acks 0 ─+ █ highest ╮/);
  });

  it('of a search shows rates', () => {
    const drawn = lines({ sweeps: [fakeSweep({ slo: 'p99<10ms' })] }, map).join('\n');
    expect(drawn).toContain('highest rate, msg/s');
    expect(drawn).toMatch(/██ 1\.00k/);
  });

  it.each<[string, Partial<SessionView>, Partial<ScreenState>]>([
    [
      'a search that came after it',
      { sweeps: [fakeSweep()], searches: [fakeSearch({ timeMs: 2_000_000_000_000 })] },
      {},
    ],
    ['a search that is looked at', { sweeps: [fakeSweep()], searches: [fakeSearch({ timeMs: 1 })] }, { curve: 1 }],
  ])('gives way to %s', (_, view, state) => {
    expect(lines(view, { ...state, ...table }).join('\n')).toContain('verdict');
  });

  it.each(views)('fits every size: %s', (_, view) => {
    for (const size of [
      [80, 24],
      [81, 24],
      [111, 28],
      [120, 30],
      [160, 45],
      [200, 60],
    ] as const) {
      for (const state of [{}, table, map, { picture: 'steps' as const }]) {
        const drawn = lines(view, state, size);
        expect(drawn.length).toBe(size[1]);
        for (const line of drawn) {
          expect(widthOf(line), line).toBe(size[0]);
          expect(line).not.toMatch(/\d[\d.,]*…/);
        }
        expect(lines(view, state, size, true).join('')).toMatch(/^[\x20-\x7E]*$/);
      }
    }
  });
});
