/**
 * One picture of the screen, as text: bands from top to bottom, each of blocks from left to right, every line exactly
 * as wide as its block. 120 × 30:
 *
 *    loadtui  latency   SANDBOX   topic ×16 RF1 acks=1             ● measuring 01:42   epoch 3   12:04:31
 *    target … acked … MiB/s   fail  retry  missed   SLO
 *    in flight  batch  lag  missing  client
 *   ╭ Throughput ──────────────────────────╮╭ Response, ms (log) ───────────────────╮
 *   ╰──────────────────────────────────────╯╰───────────────────────────────────────╯
 *   ╭ Knobs ────────────────╮╭ This machine ──────────────╮╭ Lag ───────────────────╮
 *   ╰───────────────────────╯╰────────────────────────────╯╰────────────────────────╯
 *   ╭ Events, newest first ─────────────────────────────────────────────────────────╮
 *   ╰───────────────────────────────────────────────────────────────────────────────╯
 *    prompt, answer or banner
 *    key hints
 */
import type { SessionView } from '../session/view.ts';
import { box, fitLeft } from './cells.ts';
import type { DrawContext, PanelContent } from './draw-context.ts';
import { toAscii } from './glyphs.ts';
import {
  bottomRows,
  calculateLayout,
  expandedSize,
  headerRows,
  type Layout,
  minimumColumns,
  minimumRows,
  type PanelId,
  type Size,
} from './layout.ts';
import type { Paint } from './paint.ts';
import { drawFooter, drawMessage } from './panels/bottom.ts';
import { drawCurve } from './panels/curve-panel.ts';
import { drawEvents, eventLines } from './panels/events-panel.ts';
import { drawHeader } from './panels/header/header.ts';
import { drawHeatMap } from './panels/heat-map.ts';
import { drawHelp } from './panels/help-panel.ts';
import { drawChooser, drawKnobs } from './panels/knobs-panel.ts';
import { compactLagLines, drawLag } from './panels/lag-panel.ts';
import { drawLatency } from './panels/latency-panel.ts';
import { drawMachine, machineLines } from './panels/machine-panel.ts';
import { drawPartitions } from './panels/partitions-panel.ts';
import { drawSteps } from './panels/steps-panel.ts';
import { drawSweepTable, shownSweep } from './panels/sweep-table.ts';
import { drawThroughput } from './panels/throughput-panel.ts';
import type { ScreenState } from './state.ts';

export interface Block extends Size {
  /** `height` lines of exactly `width` cells. */
  readonly lines: readonly string[];
  /** The panels in it, each from this row of the block on; left out: it is none. */
  readonly panels?: readonly { readonly id: PanelId; readonly fromRow: number }[];
}

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** From top to bottom; the blocks of a band have one height and together the frame's width. */
  readonly bands: readonly (readonly Block[])[];
}

export interface FrameInput {
  readonly columns: number;
  readonly rows: number;
  /** The live picture; null: nothing has come yet. */
  readonly view: SessionView | null;
  readonly state: ScreenState;
  readonly paint: Paint;
  readonly ascii: boolean;
  readonly nowMs: number;
}

/** Draws everything. Pure. */
export function drawFrame(input: FrameInput): Frame {
  const { columns, rows, state, paint, ascii, nowMs } = input;
  const layout = calculateLayout(columns, rows);
  const view = state.frozen ?? input.view;
  if (layout.kind === 'too-small') {
    const needs = `loadtui needs ${minimumColumns}×${minimumRows}, has ${columns}×${rows}`;
    return message(columns, rows, [needs, 'the run goes on; q ends it'], ascii);
  }
  if (view === null) {
    return message(columns, rows, ['loadtui', 'connecting …'], ascii);
  }
  const context: DrawContext = { paint, ascii, view, live: input.view ?? view, state, nowMs };
  const bands = [
    [block({ width: columns, height: headerRows }, drawHeader(context, columns))],
    ...body(context, layout),
    [block({ width: columns, height: bottomRows }, [drawMessage(context, columns), drawFooter(context, columns)])],
  ];
  return { columns, rows, bands: ascii ? bands.map((band) => band.map(inAscii)) : bands };
}

type Fitting = Exclude<Layout, { kind: 'too-small' }>;

function body(context: DrawContext, layout: Fitting): readonly (readonly Block[])[] {
  const { state } = context;
  const whole = expandedSize(layout.columns, layout.rows);
  if (state.help) {
    return [[boxed(context, whole, drawHelp(context, whole.width - 2, whole.height - 2), true)]];
  }
  if (state.expanded !== null) {
    return [
      [state.prompt?.kind === 'chooser' ? panel(context, 'knobs', whole) : panel(context, state.expanded, whole)],
    ];
  }
  if (layout.kind === 'wide') {
    const isSearch = state.upper === 'search';
    const [left, right] = isSearch ? layout.search : layout.charts;
    return [
      [panel(context, isSearch ? 'curve' : 'throughput', left), panel(context, isSearch ? 'steps' : 'latency', right)],
      [
        panel(context, 'knobs', layout.knobs),
        panel(context, 'machine', layout.machine),
        panel(context, 'lag', layout.lag),
      ],
      [panel(context, 'events', layout.events)],
    ];
  }
  const events = eventLines(context, layout.columns, layout.events.height).map((line) =>
    state.focus === 'events' ? `${context.paint('accent', '▸')}${line.slice(1)}` : line,
  );
  return [
    [panel(context, state.upper === 'search' ? state.picture : state.chart, layout.chart)],
    [panel(context, 'knobs', layout.knobs), machineAndLag(context, layout.machine)],
    [{ ...block(layout.events, events), panels: [{ id: 'events', fromRow: 0 }] }],
  ];
}

function panel(context: DrawContext, id: PanelId, size: Size): Block {
  const width = size.width - 2;
  const height = size.height - 2;
  const prompt = context.state.prompt;
  if (id === 'knobs' && prompt?.kind === 'chooser') {
    return boxed(context, size, drawChooser(context, prompt), true);
  }
  const drawn = boxed(context, size, content(context, id, width, height), context.state.focus === id);
  return { ...drawn, panels: [{ id, fromRow: 0 }] };
}

function content(context: DrawContext, id: PanelId, width: number, height: number): PanelContent {
  switch (id) {
    case 'throughput':
      return drawThroughput(context, width, height);
    case 'latency':
      return drawLatency(context, width, height);
    case 'knobs':
      return drawKnobs(context, width, height);
    case 'machine':
      return drawMachine(context, width, height);
    case 'lag':
      return context.state.expanded === 'lag'
        ? drawPartitions(context, width, height)
        : drawLag(context, width, height);
    case 'events':
      return drawEvents(context, width, height);
    case 'curve':
    case 'steps':
      return found(context, id, width, height);
  }
}

/** What a search found, or a sweep. */
function found(context: DrawContext, id: 'curve' | 'steps', width: number, height: number): PanelContent {
  const sweep = shownSweep(context);
  if (sweep === null) return id === 'curve' ? drawCurve(context, width, height) : drawSteps(context, width, height);
  return id === 'curve' ? drawHeatMap(context, sweep, width, height) : drawSweepTable(context, sweep, width, height);
}

/** The two panels that share a box where there is little room. */
function machineAndLag(context: DrawContext, size: Size): Block {
  const width = size.width - 2;
  const height = size.height - 2;
  const lagHeight = Math.min(3, height - 4);
  const machine = machineLines(context, width, height - lagHeight);
  const lines = [...machine, ...compactLagLines(context, width, lagHeight)];
  const focused = context.state.focus === 'machine' || context.state.focus === 'lag';
  const panels = [
    { id: 'machine', fromRow: 0 },
    { id: 'lag', fromRow: 1 + machine.length },
  ] as const;
  return { ...boxed(context, size, { title: 'This machine, lag', right: '', lines }, focused), panels };
}

function boxed({ paint }: DrawContext, size: Size, { title, right, lines }: PanelContent, focused: boolean): Block {
  return { ...size, lines: box(paint, size.width, size.height, { title, right, focused }, lines) };
}

function block(size: Size, lines: readonly string[]): Block {
  return { ...size, lines: Array.from({ length: size.height }, (_, row) => fitLeft(lines[row] ?? '', size.width)) };
}

function inAscii(shown: Block): Block {
  return { ...shown, lines: shown.lines.map(toAscii) };
}

/** A few centred lines and nothing else. */
function message(columns: number, rows: number, texts: readonly string[], ascii: boolean): Frame {
  const top = Math.max(0, Math.floor((rows - texts.length) / 2));
  const centred = texts.map((text) => ' '.repeat(Math.max(0, Math.floor((columns - text.length) / 2))) + text);
  const shown = block({ width: columns, height: rows }, [...Array.from({ length: top }, () => ''), ...centred]);
  return { columns, rows, bands: [[ascii ? inAscii(shown) : shown]] };
}

/** The same frame without anything in it. */
export function blanked(frame: Frame): Frame {
  return {
    ...frame,
    bands: frame.bands.map((band) =>
      band.map((block) => ({ ...block, lines: block.lines.map((line) => ' '.repeat(line === '' ? 0 : block.width)) })),
    ),
  };
}

/** Whether both look the same. */
export function isSameFrame(one: Frame, other: Frame): boolean {
  return (
    one.columns === other.columns &&
    one.rows === other.rows &&
    one.bands.length === other.bands.length &&
    one.bands.every((band, row) => {
      const others = other.bands[row] ?? [];
      return band.length === others.length && band.every((shown, column) => isSameBlock(shown, others[column]));
    })
  );
}

function isSameBlock(one: Block, other: Block | undefined): boolean {
  return (
    other !== undefined &&
    one.width === other.width &&
    one.height === other.height &&
    one.lines.length === other.lines.length &&
    one.lines.every((line, row) => line === other.lines[row])
  );
}

/** The panel that stands in a cell; null: none. */
export function panelAt(frame: Frame, column: number, row: number): PanelId | null {
  let top = 0;
  for (const band of frame.bands) {
    const height = band[0]?.height ?? 0;
    if (row < top + height) {
      let left = 0;
      const block = band.find(({ width }) => {
        left += width;
        return column < left;
      });
      return block?.panels?.findLast(({ fromRow }) => row - top >= fromRow)?.id ?? null;
    }
    top += height;
  }
  return null;
}

/** The frame as lines over its whole width: for tests and for looking at it. */
export function frameLines(frame: Frame): readonly string[] {
  return frame.bands.flatMap((band) => {
    const height = band[0]?.height ?? 0;
    return Array.from({ length: height }, (_, row) => band.map((shown) => shown.lines[row] ?? '').join(''));
  });
}
