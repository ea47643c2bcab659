import { describe, expect, it } from 'vitest';
import { bottomRows, calculateLayout, headerRows } from '../../source/ui/layout.ts';

describe('calculateLayout', () => {
  it.each([
    [160, 45, 'wide'],
    [120, 30, 'wide'],
    [110, 28, 'wide'],
    [109, 60, 'compact'],
    [200, 27, 'compact'],
    [80, 24, 'compact'],
    [79, 24, 'too-small'],
    [80, 23, 'too-small'],
    [1, 1, 'too-small'],
  ])('%s × %s is %s', (columns, rows, kind) => {
    expect(calculateLayout(columns, rows).kind).toBe(kind);
  });

  it('has the sizes of the designs', () => {
    expect(calculateLayout(120, 30)).toMatchObject({
      charts: [
        { width: 60, height: 10 },
        { width: 60, height: 10 },
      ],
      knobs: { height: 10 },
      events: { width: 120, height: 5 },
    });
    expect(calculateLayout(80, 24)).toMatchObject({
      chart: { width: 80, height: 8 },
      knobs: { width: 40, height: 9 },
      machine: { width: 40, height: 9 },
      events: { height: 2 },
    });
  });

  it('fills every terminal exactly', () => {
    for (let columns = 80; columns <= 260; columns += 3) {
      for (let rows = 24; rows <= 100; rows++) {
        const layout = calculateLayout(columns, rows);
        const name = `${columns}×${rows}`;
        const free = rows - headerRows - bottomRows;
        if (layout.kind === 'wide') {
          const [left, right] = layout.charts;
          expect(left.width + right.width, name).toBe(columns);
          expect(layout.knobs.width + layout.machine.width + layout.lag.width, name).toBe(columns);
          expect(left.height + layout.knobs.height + layout.events.height, name).toBe(free);
          expect(left.height, name).toBeGreaterThanOrEqual(8);
          expect(layout.events.height, name).toBeGreaterThanOrEqual(3);
          expect(layout.lag.width, name).toBeGreaterThanOrEqual(30);
        } else if (layout.kind === 'compact') {
          expect(layout.knobs.width + layout.machine.width, name).toBe(columns);
          expect(layout.chart.height + layout.knobs.height + layout.events.height, name).toBe(free);
          expect(layout.chart.height, name).toBeGreaterThanOrEqual(8);
        } else {
          expect.fail(`${name} is too small`);
        }
      }
    }
  });
});
