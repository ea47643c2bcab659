/** The steps of a search, the newest in view, and the results of all searches of the session. */
import {
  changesAgainst,
  figureName,
  figureOf,
  isUnderWay,
  overText,
  resultCells,
  stepMs,
  verdictText,
} from '../../session/automation/search-words.ts';
import type { Search, SearchStep } from '../../session/document-schema.ts';
import { msText, rateText } from '../../session/figures-text.ts';
import { kneeText } from '../../session/knee-row.ts';
import { type Field, fitLeft, fitRight } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { orDash } from '../format.ts';
import { cleanText } from '../glyphs.ts';
import type { Role } from '../paint.ts';
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
  const results = isOver ? resultLines(context, width, Math.max(2, height - 1 - fewestStepRows)) : noResults;
  const figure = figureOf(search);
  const label = `${figureName(figure)} ms`;
  const cells = (rate: string, ms: string, over: string): string =>
    ` ${fitRight(rate, 9)}  ${fitRight(ms, Math.max(8, label.length))}  ${fitRight(over, 7)}  `;
  const head = paint('dim', `${cells('rate', label, 'over')}verdict`);
  const room = Math.max(1, height - results.lines.length - 1);
  const rows = search.steps.map((step) => {
    const figures = cells(rateText(step.targetRate), orDash(stepMs(step, figure), msText), overText(step));
    const verdict = isUnderWay(search, step) ? '…' : verdictText(step);
    // That it was close matters more than by what.
    const shown = figures.length + verdict.length > width && step.marginal ? verdict.replace(/ \w+,/, ',') : verdict;
    return `${figures}${paint(roleOf(step), shown)}`;
  });
  const back = Math.min(state.stepScroll, Math.max(0, rows.length - room));
  const end = rows.length - back;
  const more = rows.length > room ? `${Math.max(1, end - room + 1)}–${end} of ${rows.length}` : '';
  return {
    title: isOver ? 'Results, steps' : 'Steps',
    right: [
      ...(isOver ? hiddenFields(context, results.hidden) : earlierFields(view.searches)),
      { text: more, rank: 0 },
    ],
    lines: [...results.lines, head, ...rows.slice(Math.max(0, end - room), end)],
  };
}

/** `find 1: 48.5 k/s`, the last two of what was found before the one that is under way. */
function earlierFields(searches: readonly Search[]): readonly Field[] {
  return searches
    .slice(0, -1)
    .map((search, at) => ({ text: `find ${at + 1}: ${resultCells(search).rate}`, rank: searches.length - at }))
    .slice(-2);
}

/** `find 1–2: 8 v`: results that have no room, and the keys that bring them up. */
function hiddenFields({ state }: DrawContext, hidden: number): readonly Field[] {
  if (hidden === 0) return [];
  const which = `find ${hidden === 1 ? '1' : `1–${hidden}`}`;
  if (state.expanded === 'steps') return [{ text: `${which} above`, rank: 1 }];
  return [{ text: `${which}: ${state.focus === 'steps' ? 'v' : '8 v'}`, rank: 1 }];
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

interface Results {
  readonly lines: readonly string[];
  /** Searches, the oldest ones, that have no room. */
  readonly hidden: number;
}

const noResults: Results = { lines: [], hidden: 0 };

/** The newest results last, with what changed against the one before; the knee of the last one under it. */
function resultLines({ paint, view, state }: DrawContext, width: number, most: number): Results {
  const newest = view.searches.length - 1;
  const blocks = view.searches.map((search, at) => {
    const { bracket, limit, rate } = resultCells(search);
    const before = view.searches[at - 1];
    const changes = before === undefined ? [] : changesAgainst(search, before, at);
    const name = paint(at === newest ? 'accent' : 'plain', fitLeft(`find ${at + 1}`, 7));
    const head = ` ${name}${paint('bold', fitRight(rate, 9))}  ${fitLeft(bracket, 17)} ${cleanText(limit)}`;
    const knee = at === newest && state.expanded === 'steps' ? search.knee : null;
    return [
      head,
      ...(changes.length === 0 ? [] : [`        ${cleanText(changes.join('; '))}`]),
      ...(knee === null ? [] : [paint('dim', `        ${kneeText(knee)}`)]),
    ];
  });
  // Whole ones: changes without their result, or without what they are against, say nothing.
  let hidden = 0;
  while (hidden < newest && blocks.slice(hidden).flat().length > most) hidden++;
  const lines = blocks.slice(hidden).flat();
  return { lines: lines.slice(0, most).map((line) => fitLeft(line, width)), hidden };
}
