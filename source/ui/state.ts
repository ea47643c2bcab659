/** What the screen itself knows: where the operator looks and what is being typed. Nothing of the run is in here. */
import type { KnobName } from '../config/knobs.ts';
import type { LatencyTag } from '../config/plan.ts';
import type { ThemeName } from '../config/themes.ts';
import type { Command } from '../session/commands.ts';
import type { Hint } from '../session/document-schema.ts';
import type { SessionView } from '../session/view.ts';
import type { Baseline } from './baseline.ts';
import type { PanelId } from './layout.ts';
import { emptyLine, type LineState } from './line-editor.ts';
import type { Units } from './steady-units.ts';
import { startZoom } from './time-window.ts';
import type { Upper } from './upper.ts';

export type GraphStyle = 'block' | 'braille' | 'ascii';
export const graphStyles = ['block', 'braille', 'ascii'] as const satisfies readonly GraphStyle[];

export type Prompt =
  | {
      readonly kind: 'command';
      readonly line: LineState;
      /** Place in the history, counted back from the latest; null: a line of its own. */
      readonly historyAt: number | null;
    }
  | { readonly kind: 'knob'; readonly name: KnobName; readonly line: LineState }
  | { readonly kind: 'filter'; readonly line: LineState }
  | { readonly kind: 'chooser'; readonly name: KnobName; readonly index: number }
  /** What the hint of that name suggests; ⏎ does it. */
  | { readonly kind: 'suggestion'; readonly hint: string; readonly suggestion: NonNullable<Hint['suggestion']> }
  /** The session asked; ⏎ runs the command again, confirmed. */
  | { readonly kind: 'confirm'; readonly question: string; readonly again: Command };

export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'warn';
  /** Shown until then, screen clock. */
  readonly untilMs: number;
}

export interface ScreenState {
  readonly focus: PanelId;
  readonly expanded: PanelId | null;
  /** Charts over time, or what a search found, in the upper part; see upper.ts. */
  readonly upper: Upper;
  /** Which of either pair stands where there is room for one. */
  readonly chart: 'throughput' | 'latency';
  readonly picture: 'curve' | 'steps';
  /** The curve that was chosen: the number of a search, 0: of the run without one; null: that of the moment. */
  readonly curve: number | null;
  /** Place of the selected knob among those on the panel. */
  readonly knobIndex: number;
  readonly latencyTag: LatencyTag;
  readonly zoom: number;
  /** Columns back from now. */
  readonly timeScroll: number;
  readonly lagScroll: number;
  readonly eventScroll: number;
  /** Rows back from the newest step. */
  readonly stepScroll: number;
  /** Rows down from a sweep's best combination. */
  readonly sweepScroll: number;
  readonly helpScroll: number;
  /** Which list stands at the top of the help where both are in one column. */
  readonly helpFirst: 'keys' | 'commands';
  readonly help: boolean;
  /** The picture that is held; null: live. */
  readonly frozen: SessionView | null;
  /** What was pinned, to be held against the present; null: nothing. */
  readonly baseline: Baseline | null;
  /** Units of the figures that are shown. */
  readonly units: Units;
  readonly filter: string;
  readonly prompt: Prompt | null;
  readonly notice: Notice | null;
  /** Commands that were run, oldest first. */
  readonly history: readonly string[];
  /** The mouse is heeded; off, the terminal selects text with it. */
  readonly mouse: boolean;
  readonly theme: ThemeName;
  readonly graph: GraphStyle;
}

export function initialState(theme: ThemeName, graph: GraphStyle, mouse = false): ScreenState {
  return {
    focus: 'knobs',
    expanded: null,
    upper: 'time',
    chart: 'latency',
    picture: 'curve',
    curve: null,
    knobIndex: 0,
    latencyTag: 'response',
    zoom: startZoom,
    timeScroll: 0,
    lagScroll: 0,
    eventScroll: 0,
    stepScroll: 0,
    sweepScroll: 0,
    helpScroll: 0,
    helpFirst: 'keys',
    help: false,
    frozen: null,
    baseline: null,
    units: {},
    filter: '',
    prompt: null,
    notice: null,
    history: [],
    mouse,
    theme,
    graph,
  };
}

export function commandPrompt(): Prompt {
  return { kind: 'command', line: emptyLine, historyAt: null };
}

/** Events are filtered while the filter is being typed. */
export function withPrompt(state: ScreenState, prompt: Prompt | null): ScreenState {
  return { ...state, prompt, filter: prompt?.kind === 'filter' ? prompt.line.text : state.filter };
}

const historyLength = 100;

/** What was typed joins the history, unless it is there as the last; null: nothing was. */
export function withTyped(state: ScreenState, typed: string | null): ScreenState {
  return typed === null || typed === state.history.at(-1)
    ? state
    : { ...state, history: [...state.history, typed].slice(-historyLength) };
}
