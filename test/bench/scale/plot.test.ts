import { describe, expect, it } from 'vitest';
import { type Chart, chartSvg, mostLines } from '../../../bench/scale/plot.ts';

const chart: Chart = {
  title: 'Cost & "scale" <of a message>',
  notes: ['100 B', 'on 2 cores'],
  x: { label: 'partitions', scale: 'log', format: String, ticks: [1, 10, 100] },
  y: { label: 'ns', scale: 'linear', format: String },
  lines: [
    {
      name: 'process',
      points: [
        { x: 100, y: 100 },
        { x: 1, y: 0 },
        { x: 10, y: 50 },
      ],
    },
    { name: 'producer threads', points: [{ x: 10, y: 25 }] },
  ],
  limit: null,
};

/** Names of the elements in the order in which they close. Throws where tags do not nest or text is not escaped. */
function closedElements(xml: string): string[] {
  const open: string[] = [];
  const closed: string[] = [];
  for (const [token] of xml.matchAll(/<[^<>]*>|[^<>]+|[<>]/g)) {
    const tag = /^<(\/?)([a-z]+)((?: [\w-]+="[^"<>&]*")*)(\/?)>$/i.exec(token);
    if (tag === null) {
      if (/[<>]|&(?!(?:amp|lt|gt|quot);)/.test(token)) throw new Error(`not well formed: ${token}`);
      continue;
    }
    const [, end, name = '', attributes = '', empty] = tag;
    const names = [...attributes.matchAll(/ ([\w-]+)=/g)].map(([, attribute]) => attribute);
    if (new Set(names).size !== names.length) throw new Error(`an attribute twice: ${token}`);
    if (end === '/') {
      if (open.pop() !== name) throw new Error(`closes what is not open: ${token}`);
      closed.push(name);
    } else if (empty === '/') closed.push(name);
    else open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return closed;
}

const polylines = (svg: string): string[] => [...svg.matchAll(/points="([^"]*)"/g)].map(([, points = '']) => points);

describe('chartSvg', () => {
  it('is well-formed XML with one root, its text escaped', () => {
    const svg = chartSvg({ ...chart, limit: { y: 80, name: 'promised: < 80' } });
    const elements = closedElements(svg);
    expect(elements.at(-1)).toBe('svg');
    expect(elements.filter((name) => name === 'svg')).toHaveLength(1);
    expect(svg).toContain('Cost &amp; &quot;scale&quot; &lt;of a message&gt;');
    expect(svg).toContain('promised: &lt; 80');
  });

  it('draws from the least x to the largest, low values low', () => {
    expect(polylines(chartSvg(chart))[0]).toBe('88,368 390,226 692,84');
  });

  it('spreads a logarithmic axis by ratio', () => {
    const y = { ...chart.y, scale: 'log', ticks: [1, 100] } as const;
    const lines = [
      {
        name: 'a',
        points: [
          { x: 10, y: 10 },
          { x: 100, y: 100 },
        ],
      },
    ];
    expect(polylines(chartSvg({ ...chart, y, lines }))[0]).toBe('390,226 692,84');
  });

  it('keeps everything it draws within the picture', () => {
    const svg = chartSvg({ ...chart, limit: { y: 250, name: 'promised' } });
    const places = polylines(svg).flatMap((points) => points.split(' ').map((place) => place.split(',').map(Number)));
    for (const [x = -1, y = -1] of places) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(720);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(460);
    }
  });

  it('names and tells apart each line, also without colour', () => {
    const lines = Array.from({ length: mostLines }, (_, index) => ({
      name: `line ${index}`,
      points: [{ x: 1, y: index }],
    }));
    const svg = chartSvg({ ...chart, lines });
    for (const { name } of lines) expect(svg).toContain(`>${name}</text>`);
    const dashes = [...svg.matchAll(/<polyline class="line s(\d)"( stroke-dasharray="[^"]*")?/g)];
    expect(new Set(dashes.map(([, , dash]) => dash)).size).toBe(mostLines);
  });

  it('has colours for light and dark ground', () => {
    expect(chartSvg(chart)).toContain('prefers-color-scheme: dark');
  });

  it.each([[[]], [Array.from({ length: mostLines + 1 }, () => ({ name: 'a', points: [{ x: 1, y: 1 }] }))]])(
    'refuses too few or too many lines',
    (lines) => {
      expect(() => chartSvg({ ...chart, lines })).toThrow(RangeError);
    },
  );
});
