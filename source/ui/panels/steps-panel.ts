/** The steps of a search, the newest in view, and the results of all searches of the session. */
import {
  changesAgainst,
  figureOf,
  isUnderWay,
  overText,
  resultCells,
  type StepFigure,
  stepMs,
  verdictText,
} from '../../session/automation/search-words.ts';
import type { Search, SearchStep } from '../../session/document-schema.ts';
import { msText, rateText } from '../../session/figures-text.ts';
import { kneeText } from '../../session/knee-row.ts';
import { fitLeft, fitRight } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { orDash } from '../format.ts';
import { cleanText } from '../glyphs.ts';
import type { Paint, Role } from '../paint.ts';
import { shownSearch } from './curve-panel.ts';

/** So many rows stay for steps where results stand above them. */
const fewestStepRows = 4;

/** `width` and `height` are the panel's inside. */
export function drawSteps(context: DrawContext, width: number, height: number): PanelContent {
  const { paint, state, view } = context;
  const search = shownSearch(context);
  if (search === null) {
    const how = view.replay === undefined ? ': F finds the highest rate' : '';
    const text = view.searches.length === 0 ? `no search yet${how}` : 'steps are those of a search';
    return { title: 'Steps', right: '', lines: ['', paint('dim', ` ${text}`)] };
  }
  const isOver = search.outcome !== 'running';
  const results = isOver ? resultLines(context, width, Math.max(2, height - 1 - fewestStepRows)) : [];
  const figure = figureOf(search);
  const head = paint('dim', `${cells('rate', `p${figure.percentile} ms`, 'over')}verdict`);
  const room = Math.max(1, height - results.length - 1);
  const rows = search.steps.map((step) => stepLine(paint, search, step, figure, width));
  const back = Math.min(state.stepScroll, Math.max(0, rows.length - room));
  const end = rows.length - back;
  const more = rows.length > room ? `${Math.max(1, end - room + 1)}–${end} of ${rows.length}` : '';
  return {
    title: isOver ? 'Results, steps' : 'Steps',
    right: [isOver ? '' : earlierText(view.searches.slice(0, -1)), more].filter((text) => text !== '').join('   '),
    lines: [...results, head, ...rows.slice(Math.max(0, end - room), end)],
  };
}

/** `find 1: 48.5 k/s`, the last two of what was found before. */
function earlierText(earlier: readonly Search[]): string {
  return earlier
    .map((search, at) => `find ${at + 1}: ${resultCells(search).rate}`)
    .slice(-2)
    .join('  ');
}

function stepLine(paint: Paint, search: Search, step: SearchStep, figure: StepFigure, width: number): string {
  const figures = cells(rateText(step.targetRate), orDash(stepMs(step, figure), msText), overText(step));
  const verdict = isUnderWay(search, step) ? '…' : verdictText(step);
  // That it was close matters more than by what.
  const shown = figures.length + verdict.length > width && step.marginal ? verdict.replace(/ \w+,/, ',') : verdict;
  return `${figures}${paint(roleOf(step), shown)}`;
}

function roleOf({ verdict }: SearchStep): Role {
  switch (verdict) {
    case 'pass':
      return 'good';
    case 'fail':
      return 'bad';
    case 'client':
      return 'warn';
    case 'unsure':
      return 'accent';
  }
}

function cells(rate: string, ms: string, over: string): string {
  return ` ${fitRight(rate, 9)}  ${fitRight(ms, 8)}  ${fitRight(over, 7)}  `;
}

/** The newest results last, with what changed against the one before; the knee of the last one under it. */
function resultLines({ paint, view, state }: DrawContext, width: number, most: number): string[] {
  const lines = view.searches.flatMap((search, at) => {
    const { bracket, limit, rate } = resultCells(search);
    const before = view.searches[at - 1];
    const changes = before === undefined ? [] : changesAgainst(search, before, at);
    const name = paint(at === view.searches.length - 1 ? 'accent' : 'plain', fitLeft(`find ${at + 1}`, 7));
    const head = ` ${name}${paint('bold', fitRight(rate, 9))}  ${fitLeft(bracket, 17)} ${cleanText(limit)}`;
    return [head, ...(changes.length === 0 ? [] : [`        ${cleanText(changes.join('; '))}`])];
  });
  const knee = view.searches.at(-1)?.knee ?? null;
  const all = [
    ...lines,
    ...(knee === null || state.expanded !== 'steps' ? [] : [paint('dim', `        ${kneeText(knee)}`)]),
  ];
  return all.slice(-most).map((line) => fitLeft(line, width));
}
