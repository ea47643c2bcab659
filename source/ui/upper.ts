/** What stands in the upper part of the screen: charts over time, or curve and steps of a search in their stead. Pure. */
import type { SessionView } from '../session/view.ts';
import { type PanelId, panelIds } from './layout.ts';
import { shownSweep } from './panels/sweep-table.ts';
import type { ScreenState } from './state.ts';

export type Upper = 'time' | 'search';

const upperOf: Readonly<Partial<Record<PanelId, Upper>>> = {
  throughput: 'time',
  latency: 'time',
  curve: 'search',
  steps: 'search',
};

/** A search is under way, or its card stands: its pictures come up by themselves. */
export function searches({ automation, card }: Pick<SessionView, 'automation' | 'card'>): boolean {
  return automation?.kind === 'find' || automation?.kind === 'sweep' || card !== null;
}

/** The panels that are on the screen where nothing is expanded, in the order in which the focus goes round. */
export function shownPanels({ upper }: Pick<ScreenState, 'upper'>): readonly PanelId[] {
  const isUpper = (id: PanelId): boolean => upperOf[id] !== undefined;
  return [...panelIds.filter((id) => upperOf[id] === upper), ...panelIds.filter((id) => !isUpper(id))];
}

/** Which curve is shown: the number of a search from 1, or 0 for what was done without one. A ramp has a curve of its own. */
export function shownCurve(
  { curve }: Pick<ScreenState, 'curve'>,
  { automation, searches: all }: Pick<SessionView, 'automation' | 'searches'>,
): number {
  return curve === null ? (automation?.kind === 'ramp' ? 0 : all.length) : Math.min(curve, all.length);
}

/** The curve before (-1) or after the one that is shown. The pictures of a sweep come after that of the last search. */
export function withCurve(state: ScreenState, view: SessionView, delta: 1 | -1): ScreenState {
  const sweep = shownSweep({ state: { curve: null }, view }) === null ? null : view.searches.length + 1;
  const at = state.curve === null && sweep !== null ? sweep : shownCurve(state, view);
  const next = Math.min(sweep ?? view.searches.length, Math.max(0, at + delta));
  return { ...state, curve: next === sweep ? null : next, stepScroll: 0 };
}

/** Changes over; the focus stays at its place. A panel that is expanded stays, whatever stands behind it. */
export function withUpper(state: ScreenState, upper: Upper): ScreenState {
  if (state.expanded !== null) return { ...state, upper };
  return { ...state, upper, focus: atPlaceOf(state.focus, upper) };
}

function atPlaceOf(focus: PanelId, upper: Upper): PanelId {
  switch (focus) {
    case 'throughput':
    case 'curve':
      return upper === 'time' ? 'throughput' : 'curve';
    case 'latency':
    case 'steps':
      return upper === 'time' ? 'latency' : 'steps';
    case 'knobs':
    case 'machine':
    case 'lag':
    case 'events':
      return focus;
  }
}

/** Looks at a panel: where it stands comes up, if it was not on the screen. */
export function withFocus(state: ScreenState, panel: PanelId): ScreenState {
  return {
    ...state,
    focus: panel,
    expanded: state.expanded === null ? null : panel,
    upper: upperOf[panel] ?? state.upper,
    chart: panel === 'throughput' || panel === 'latency' ? panel : state.chart,
    picture: panel === 'curve' || panel === 'steps' ? panel : state.picture,
  };
}
