/** Where the operator looks: the part of the actions that concerns the screen alone. Pure. */
import { latencyTags } from '../config/plan.ts';
import type { LookAction } from './actions.ts';
import type { PanelId } from './layout.ts';
import { lineOf } from './line-editor.ts';
import { panelKnobs } from './panels/knobs-panel.ts';
import { commandPrompt, type ScreenState } from './state.ts';
import { zoomSeconds } from './time-window.ts';
import { shownPanels, withFocus, withUpper } from './upper.ts';

/** Rows that PgUp and PgDn move by. */
const pageRows = 10;
/** Columns that one key moves the time axis by. */
const timeStep = 10;

/** The state after an action. */
export function navigate(state: ScreenState, action: LookAction): ScreenState {
  switch (action.kind) {
    case 'move':
      return move(state, action.delta);
    case 'page':
      return page(state, action.delta);
    case 'latency-tag':
      return nextLatencyTag(state);
    case 'escape':
      return stepBack(state);
    case 'focus-by':
      return focusBy(state, action.delta);
    case 'focus':
      return withFocus(state, action.panel);
    case 'upper':
      return withUpper({ ...state, expanded: null, curve: null }, state.upper === 'time' ? 'search' : 'time');
    case 'expand':
      return { ...state, expanded: state.expanded === null ? state.focus : null };
    case 'zoom':
      return zoom(state, action.delta);
    case 'scroll-time':
      return scrollTime(state, action.delta);
    case 'filter':
      return { ...state, prompt: { kind: 'filter', line: lineOf(state.filter) } };
    case 'command':
      return { ...state, prompt: commandPrompt() };
    case 'help':
      return { ...state, help: !state.help, helpScroll: 0, helpFirst: 'keys' };
  }
}

/** ↑ ↓ in the focused panel. */
function move(state: ScreenState, delta: number): ScreenState {
  if (state.help) {
    return { ...state, helpScroll: atLeastZero(state.helpScroll + delta) };
  }
  switch (state.focus) {
    case 'knobs':
      return { ...state, knobIndex: clamp(state.knobIndex + delta, panelKnobs.length - 1) };
    case 'lag':
      return { ...state, lagScroll: atLeastZero(state.lagScroll + delta) };
    case 'events':
      return { ...state, eventScroll: atLeastZero(state.eventScroll + delta) };
    case 'steps':
      // Of steps the newest is at the end, of combinations the best at the top.
      return {
        ...state,
        stepScroll: atLeastZero(state.stepScroll - delta),
        sweepScroll: atLeastZero(state.sweepScroll + delta),
      };
    case 'throughput':
    case 'latency':
      return zoom(state, delta > 0 ? 1 : -1);
    case 'machine':
    case 'curve':
      return state;
  }
}

function page(state: ScreenState, delta: 1 | -1): ScreenState {
  return !state.help && (state.focus === 'throughput' || state.focus === 'latency')
    ? scrollTime(state, delta === 1 ? -1 : 1)
    : move(state, delta * pageRows);
}

/** Rows of a list, or steps of the time axis, that a notch of the wheel moves by. */
const wheelRows = 3;

/** The wheel over a panel, or in the help. It looks around and never turns a knob. */
export function wheel(state: ScreenState, panel: PanelId | null, delta: 1 | -1): ScreenState {
  if (state.help) return move(state, delta * wheelRows);
  switch (panel) {
    case 'lag':
    case 'events':
    case 'steps':
      return { ...move({ ...state, focus: panel }, delta * wheelRows), focus: state.focus };
    case 'throughput':
    case 'latency':
      return scrollTime(state, delta === 1 ? -1 : 1);
    case 'knobs':
    case 'machine':
    case 'curve':
    case null:
      return state;
  }
}

/** Scrolling past the end is taken back once the lengths are known. */
export function clampScrolls(
  state: ScreenState,
  lagRows: number,
  eventRows: number,
  steps: number,
  combinations: number,
): ScreenState {
  const lagScroll = Math.min(state.lagScroll, atLeastZero(lagRows - 1));
  const eventScroll = Math.min(state.eventScroll, atLeastZero(eventRows - 1));
  const stepScroll = Math.min(state.stepScroll, atLeastZero(steps - 1));
  const sweepScroll = Math.min(state.sweepScroll, atLeastZero(combinations - 1));
  return lagScroll === state.lagScroll &&
    eventScroll === state.eventScroll &&
    stepScroll === state.stepScroll &&
    sweepScroll === state.sweepScroll
    ? state
    : { ...state, lagScroll, eventScroll, stepScroll, sweepScroll };
}

function zoom(state: ScreenState, delta: 1 | -1): ScreenState {
  return { ...state, zoom: clamp(state.zoom + delta, zoomSeconds.length - 1), timeScroll: 0 };
}

/** 1: back in time. */
export function scrollTime(state: ScreenState, delta: 1 | -1): ScreenState {
  return { ...state, timeScroll: clamp(state.timeScroll + delta * timeStep, 3600) };
}

function focusBy(state: ScreenState, delta: 1 | -1): ScreenState {
  const panels = shownPanels(state);
  const at = panels.indexOf(state.focus);
  return withFocus(state, panels[(at + delta + panels.length) % panels.length] ?? 'knobs');
}

function nextLatencyTag(state: ScreenState): ScreenState {
  const at = latencyTags.indexOf(state.latencyTag);
  return {
    ...withUpper(state, 'time'),
    chart: 'latency',
    latencyTag: latencyTags[(at + 1) % latencyTags.length] ?? 'response',
  };
}

/** Whether there is something to step back from before what stands on the screen is meant. */
export function looksAside({ expanded, frozen, help, timeScroll }: ScreenState): boolean {
  return help || expanded !== null || frozen !== null || timeScroll !== 0;
}

/** Undoes one thing: help, expansion, freeze, a scrolled time axis, a filter. */
export function stepBack(state: ScreenState): ScreenState {
  if (state.help) {
    return { ...state, help: false, helpScroll: 0 };
  }
  if (state.expanded !== null) {
    return { ...state, expanded: null };
  }
  if (state.frozen !== null) {
    return { ...state, frozen: null };
  }
  if (state.timeScroll !== 0) {
    return { ...state, timeScroll: 0 };
  }
  return { ...state, filter: '', eventScroll: 0, lagScroll: 0, stepScroll: 0, sweepScroll: 0, notice: null };
}

function clamp(value: number, most: number): number {
  return Math.min(most, atLeastZero(value));
}

function atLeastZero(value: number): number {
  return Math.max(0, value);
}
