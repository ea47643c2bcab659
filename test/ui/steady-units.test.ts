import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../source/session/view.ts';
import { drawFrame, frameLines } from '../../source/ui/frame.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { nextUnits } from '../../source/ui/steady-units.ts';
import { controllerOf } from './controller-of.ts';
import { fakeControl, fakeView } from './fake-view.ts';

/** A screen that sees one picture after the other. */
function screen() {
  const controller = controllerOf(fakeControl());
  return {
    controller,
    show: (changes: Partial<SessionView>): readonly string[] => {
      controller.take(fakeView(changes));
      const { state, view } = controller;
      const paint = createPaint('default', false);
      return frameLines(drawFrame({ columns: 120, rows: 30, view, state, paint, ascii: false, nowMs: 0 }));
    },
  };
}

const acked = (lines: readonly string[]) => /acked +([\d.]+ ?k?\/s)/.exec(lines[1] ?? '')?.[1];

describe('a unit', () => {
  it('stays while a figure wobbles about its edge, and goes when it is far below', () => {
    const { show } = screen();
    const seen = [990, 1000, 997, 1003, 950, 1001, 901, 890, 999, 1000].map((ackedRate) => acked(show({ ackedRate })));
    expect(seen).toEqual([
      '990/s',
      '1.00 k/s',
      '1.00 k/s',
      '1.00 k/s',
      '0.95 k/s',
      '1.00 k/s',
      '0.90 k/s',
      '890/s',
      '999/s',
      '1.00 k/s',
    ]);
  });

  it('is that of the figure itself where nothing was shown before', () => {
    expect(acked(screen().show({ ackedRate: 950 }))).toBe('950/s');
  });

  it('moves nothing beside it', () => {
    const { show } = screen();
    const places = [999, 1000, 950, 12_000, 950, 999_400, 1_000_000, 950_000].map((ackedRate) => {
      const [, second = ''] = show({ ackedRate });
      return [second.indexOf('MiB/s'), second.indexOf('missed')];
    });
    expect(new Set(places.map(String)).size).toBe(1);
  });

  it('is kept on a frozen screen', () => {
    const { controller, show } = screen();
    show({ ackedRate: 1000 });
    controller.keys(['f']);
    const { units } = controller.state;
    show({ ackedRate: 5 });
    expect(controller.state.units).toBe(units);
  });
});

describe('nextUnits', () => {
  const { host, lag } = fakeView();
  const memory = (bytes: number | null) => fakeView({ host: { ...host, memoryBytes: { values: [], current: bytes } } });

  it('remembers bytes in their own steps, through seconds without a reading', () => {
    const gib = nextUnits({}, memory(2 ** 30));
    expect(gib.memory).toBe(3);
    expect(nextUnits(gib, memory(0.95 * 2 ** 30)).memory).toBe(3);
    expect(nextUnits(gib, memory(null)).memory).toBe(3);
    expect(nextUnits(gib, memory(0.8 * 2 ** 30)).memory).toBe(2);
  });

  it.each([
    [900, undefined, 0],
    [950, 1, 1],
    [850, 1, 0],
    [119_000, 1, 1],
    [120_000, 1, 2],
    [110_000, 2, 2],
    [100_000, 2, 1],
    [5, 2, 0],
  ])('a span of %d ms, held at %s: %d', (totalMs, held, place) => {
    const before = held === undefined ? {} : { lagMs: held };
    expect(nextUnits(before, fakeView({ lag: { ...lag, totalMs } })).lagMs).toBe(place);
  });
});
