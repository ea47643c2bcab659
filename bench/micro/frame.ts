/** What one picture of the screen costs before a terminal library gets it: all its text, laid out and painted. */
import { drawFrame, frameLines } from '../../source/ui/frame.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { initialState } from '../../source/ui/state.ts';
import { fakeView } from '../../test/ui/fake-view.ts';
import type { Bench } from '../bench.ts';
import { cost } from '../figures.ts';
import { nsPerUnit } from '../support/repeat.ts';

const sizes = [
  [160, 45],
  [80, 24],
] as const;

export const frameBench: Bench = {
  name: 'micro.frame',
  needs: 'nothing',
  timeoutMs: 20_000,
  run: ({ pace }) => {
    const view = fakeView();
    const state = initialState('default', 'block');
    const paint = createPaint('default', true);
    return sizes.map(([columns, rows]) => {
      const nsPerFrame = nsPerUnit(pace, () => {
        frameLines(drawFrame({ columns, rows, view, state, paint, ascii: false, nowMs: 0 }));
        return 1;
      });
      return cost(
        `draw ${columns}×${rows}`,
        'ms',
        nsPerFrame.map((ns) => ns / 1e6),
      );
    });
  },
};
