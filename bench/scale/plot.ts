/**
 * A line chart as SVG text: axes with units, one or more lines, a legend. Lines differ in colour, dash and mark, and the
 * colours follow the viewer's light or dark scheme.
 */
import { type Axis, share, ticksOf } from './axis.ts';

export interface Line {
  readonly name: string;
  /** Any order; drawn from the least x to the largest. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Chart {
  readonly title: string;
  /** One line each under the title: what was put on it, and on what it was measured. About 100 characters fit. */
  readonly notes: readonly [string, string];
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** A height that is promised; null: none is. */
  readonly limit: { readonly y: number; readonly name: string } | null;
}

const width = 720;
const height = 460;
const plot = { left: 88, right: 28, top: 84, bottom: 92 } as const;
const legendTop = 26;
const markSize = 4;
const characterWidth = 6.6;
const sampleWidth = 34;

/** Colours that people who see few colours can tell apart (Okabe and Ito), for light and for dark ground. */
const palette = [
  { light: '#0072b2', dark: '#56b4e9', dash: '', mark: circle },
  { light: '#d55e00', dark: '#ff9e57', dash: '8 4', mark: square },
  { light: '#00805f', dark: '#3fd0a4', dash: '2 3', mark: triangle },
  { light: '#a2457f', dark: '#e79cc6', dash: '10 3 2 3', mark: diamond },
] as const;
export const mostLines = palette.length;

/** Neither CSS variables nor nesting: not every viewer of SVG knows them. */
const style = `
  text { font: 12px sans-serif; }
  .title { font-size: 15px; font-weight: bold; }
  .limit { stroke-dasharray: 4 4; }
  .line { fill: none; stroke-width: 2; }
${colours('light', { ink: '#222222', faint: '#666666', ground: '#ffffff', grid: '#dddddd' })}
  @media (prefers-color-scheme: dark) {
${colours('dark', { ink: '#dddddd', faint: '#999999', ground: '#16181d', grid: '#3a3d44' })}
  }
`;

interface Ground {
  readonly ink: string;
  readonly faint: string;
  readonly ground: string;
  readonly grid: string;
}

function colours(scheme: 'light' | 'dark', { ink, faint, ground, grid }: Ground): string {
  const rules = [
    `text { fill: ${ink}; } .axis { stroke: ${ink}; } .ground { fill: ${ground}; } .grid { stroke: ${grid}; }`,
    `.faint { fill: ${faint}; } .limit { stroke: ${faint}; }`,
    ...palette.map((entry, index) => `.s${index} { stroke: ${entry[scheme]}; } .m${index} { fill: ${entry[scheme]}; }`),
  ];
  return rules.map((rule) => `    ${rule}`).join('\n');
}

/** Throws RangeError where there is nothing to draw, too many lines, or a value that its axis cannot show. */
export function chartSvg({ title, notes, x, y, lines, limit }: Chart): string {
  if (lines.length === 0 || lines.length > mostLines) throw new RangeError(`a chart of ${lines.length} lines`);
  const points = lines.flatMap((line) => line.points);
  const xTicks = ticksOf(
    x,
    points.map((point) => point.x),
  );
  const yTicks = ticksOf(y, [...points.map((point) => point.y), ...(limit === null ? [] : [limit.y])]);
  const at = (point: { x: number; y: number }): Place => ({
    x: rounded(plot.left + share(x.scale, xTicks, point.x) * (width - plot.left - plot.right)),
    y: rounded(height - plot.bottom - share(y.scale, yTicks, point.y) * (height - plot.top - plot.bottom)),
  });
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    text(16, 26, title, 'class="title"'),
    ...notes.map((note, index) => text(16, 45 + 17 * index, note, 'class="faint"')),
    ...xTicks.values.map((value) => verticalTick(at({ x: value, y: yTicks.low }).x, x.format(value))),
    ...yTicks.values.map((value) => horizontalTick(at({ x: xTicks.low, y: value }).y, y.format(value))),
    ...axes(x, y),
    ...(limit === null ? [] : limitLine(at({ x: xTicks.low, y: limit.y }).y, limit.name)),
    ...lines.flatMap((line, index) => drawn(line, index, at)),
    ...legend(lines),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function axes(x: Axis, y: Axis): string[] {
  const bottom = height - plot.bottom;
  const middleY = (plot.top + bottom) / 2;
  return [
    `<path class="axis" fill="none" d="M${plot.left} ${plot.top}V${bottom}H${width - plot.right}"/>`,
    text((plot.left + width - plot.right) / 2, bottom + 40, x.label, 'text-anchor="middle"'),
    text(20, middleY, y.label, `text-anchor="middle" transform="rotate(-90 20 ${middleY})"`),
  ];
}

function verticalTick(x: number, label: string): string {
  const bottom = height - plot.bottom;
  return `<path class="grid" d="M${x} ${plot.top}V${bottom}"/>${text(x, bottom + 18, label, 'text-anchor="middle"')}`;
}

function horizontalTick(y: number, label: string): string {
  const line = `<path class="grid" d="M${plot.left} ${y}H${width - plot.right}"/>`;
  return `${line}${text(plot.left - 8, y + 4, label, 'text-anchor="end"')}`;
}

function limitLine(y: number, name: string): string[] {
  return [
    `<path class="limit" d="M${plot.left} ${y}H${width - plot.right}"/>`,
    text(plot.left + 6, y - 5, name, 'class="faint"'),
  ];
}

function drawn({ points }: Line, index: number, at: (point: { x: number; y: number }) => Place): string[] {
  const places = points.toSorted((one, other) => one.x - other.x).map(at);
  return [
    stroke(index, places.map((place) => `${place.x},${place.y}`).join(' ')),
    ...places.map((p) => mark(index, p)),
  ];
}

/** Names side by side below the x axis. */
function legend(lines: readonly Line[]): string[] {
  const y = height - legendTop;
  let left = plot.left;
  return lines.flatMap(({ name }, index) => {
    const x = left;
    left += sampleWidth + name.length * characterWidth + 24;
    const middle = { x: x + sampleWidth / 2 - 3, y: y - 4 };
    const sample = stroke(index, `${x},${middle.y} ${x + sampleWidth - 6},${middle.y}`);
    return [sample, mark(index, middle), text(x + sampleWidth, y, name, '')];
  });
}

function stroke(index: number, points: string): string {
  const dash = palette[index]?.dash ?? '';
  return `<polyline class="line s${index}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`} points="${points}"/>`;
}

function mark(index: number, place: Place): string {
  return `<path class="m${index}" d="${(palette[index]?.mark ?? circle)(place)}"/>`;
}

function circle({ x, y }: Place): string {
  return `M${x - markSize} ${y}a${markSize} ${markSize} 0 1 0 ${2 * markSize} 0a${markSize} ${markSize} 0 1 0 ${-2 * markSize} 0z`;
}

function square({ x, y }: Place): string {
  return `M${rounded(x - markSize)} ${rounded(y - markSize)}h${2 * markSize}v${2 * markSize}h${-2 * markSize}z`;
}

function triangle({ x, y }: Place): string {
  return `M${x} ${rounded(y - markSize - 1)}l${markSize + 1} ${2 * markSize}h${-2 * (markSize + 1)}z`;
}

function diamond({ x, y }: Place): string {
  const half = markSize + 1;
  return `M${x} ${rounded(y - half)}l${half} ${half}l${-half} ${half}l${-half} ${-half}z`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}"${attributes === '' ? '' : ` ${attributes}`}>${escaped(content)}</text>`;
}

/** Tenths of a pixel are enough, and keep a file that is made again alike. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
