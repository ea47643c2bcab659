/** A sweep as a map: the two knobs with the most values span it, a cell has a shade and its number. */
import { type KnobValue, knobs } from '../../config/knobs.ts';
import type { SweptKnob } from '../../config/sweep.ts';
import type { Sweep } from '../../session/document-sweep-schema.ts';
import { msText, shortCount } from '../../session/figures-text.ts';
import { knobText } from '../../session/knob-text.ts';
import { fieldsThatFit, fitLeft, fitRight, spread } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { dash } from '../format.ts';

const shades = [' ', '░', '▒', '▓', '█'] as const;
/** A shade twice, a number of up to five, and a gap. */
const cellWidth = 9;
/** Of a box's inner width, what a title cannot have. */
const titleEnds = 4;

/** Which knobs span the map, and what holds everywhere else. */
interface Plane {
  readonly across: SweptKnob;
  readonly down: SweptKnob | null;
  readonly fixed: Sweep['results'][number]['knobs'];
}

/** `width` and `height` are the panel's inside. */
export function drawHeatMap({ paint }: DrawContext, sweep: Sweep, width: number, height: number): PanelContent {
  const searched = sweep.slo !== '';
  const plane = planeOf(sweep, width);
  const what = searched ? 'highest rate, msg/s' : `${sweep.tag === 'e2e' ? 'e2e ' : ''}p99, ms`;
  if (plane === null) return { title: what, right: '', lines: ['', paint('dim', ' nothing measured yet')] };
  const { across, down } = plane;
  const figure = (x: KnobValue, y: KnobValue): number | null | undefined => figureAt(sweep, plane, x, y);
  const rowValues = down?.values ?? [null];
  const known = rowValues.flatMap((y) => across.values.map((x) => figure(x, y) ?? null)).filter((one) => one !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const labels = rowValues.map((value) => (down === null ? '' : knobText(down.name, value)));
  const labelWidth = Math.max(...labels.map(({ length }) => length)) + 1;
  const fitting = Math.max(1, Math.floor((width - labelWidth - 1) / cellWidth));
  const shown = across.values.slice(0, fitting);
  const head = shown.map((value) => fitRight(knobText(across.name, value), cellWidth)).join('');
  const lines = rowValues.map((y, at) => {
    const cells = shown.map((x) => cellText(figure(x, y), least, most, searched)).join('');
    return `${fitRight(labels[at] ?? '', labelWidth)} ${cells}`;
  });
  const room = Math.max(1, height - 2);
  const left = across.values.length - shown.length;
  const below = lines.length - room;
  const cutText = [...(left > 0 ? [`${left} more →`] : []), ...(below > 0 ? [`${below} more ↓`] : [])].join('  ');
  const axis = `${' '.repeat(labelWidth + 1)}${knobs[across.name].label} →${down === null ? '' : `   ${knobs[down.name].label} ↓`}`;
  return {
    title: `${what}${fixedText(plane, width - what.length - titleEnds)}`,
    right: [
      { text: `${shades[4]} ${searched ? 'highest' : 'slowest'}`, rank: 0 },
      { text: `${shades[1]} ${searched ? 'lowest' : 'fastest'}`, rank: 1 },
    ],
    lines: [
      paint('dim', spread(axis, cutText, width)),
      paint('dim', `${' '.repeat(labelWidth + 1)}${head}`),
      ...lines.slice(0, room).map((line) => fitLeft(line, width)),
    ],
  };
}

function planeOf({ knobs: swept, results, best }: Sweep, width: number): Plane | null {
  const byLength = swept.toSorted((a, b) => b.values.length - a.values.length);
  const [first, second = null] = byLength;
  const at = results.find(({ combination }) => combination === best) ?? results[0];
  if (first === undefined || at === undefined) return null;
  const spans = [first.name, ...(second === null ? [] : [second.name])];
  const fixed = Object.fromEntries(Object.entries(at.knobs).filter(([name]) => !spans.some((one) => one === name)));
  // A long list goes down where it is too long to go across.
  const isTooLong = second !== null && first.values.length * cellWidth + 8 > width;
  return isTooLong && second !== null ? { across: second, down: first, fixed } : { across: first, down: second, fixed };
}

/** undefined: not measured yet; null: no figure. */
function figureAt(sweep: Sweep, { across, down, fixed }: Plane, x: KnobValue, y: KnobValue): number | null | undefined {
  const wanted = Object.entries({ ...fixed, [across.name]: x, ...(down === null ? {} : { [down.name]: y }) });
  const result = sweep.results.find(({ knobs: values }) => {
    const has = new Map<string, KnobValue>(Object.entries(values));
    return wanted.every(([name, value]) => has.get(name) === value);
  });
  if (result === undefined) return undefined;
  return sweep.slo === '' ? result.p99Ms.median : result.rate.median;
}

/** `▓▓  3.97 `. */
function cellText(value: number | null | undefined, least: number, most: number, isRate: boolean): string {
  if (value === undefined) return fitRight('…', cellWidth);
  if (value === null) return fitRight(dash, cellWidth);
  const number = isRate ? shortCount(value) : msText(value);
  const shade = shadeOf(value, least, most);
  return ` ${shade}${shade}${fitRight(number, cellWidth - 3)}`;
}

/** By the place on a log scale between the least and the most. */
function shadeOf(value: number, least: number, most: number): string {
  const place = most > least && least > 0 ? Math.log(value / least) / Math.log(most / least) : 0;
  return shades[1 + Math.min(3, Math.floor(place * 4))] ?? shades[1];
}

/** As many as there is room for, whole ones. */
function fixedText({ fixed }: Plane, room: number): string {
  const parts = Object.values(knobs).flatMap(({ name, label }, rank) => {
    const value = fixed[name];
    return value === undefined ? [] : [{ text: `${label} ${knobText(name, value)}`, rank }];
  });
  if (parts.length === 0) return '';
  const all = parts.map(({ text }) => text).join(', ');
  const [before, after] = [', at ', ', …'];
  if (before.length + all.length <= room) return `${before}${all}`;
  return `${before}${fieldsThatFit(parts, room - before.length - after.length, ', ')}${after}`;
}
