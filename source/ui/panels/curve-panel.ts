/** Latency by rate: the steps of a search with their verdicts, or, without one, the seconds of a ramp or of a run by hand. */
import { figureOf, isUnderWay, type StepFigure, stepMs } from '../../session/automation/search-words.ts';
import type { Search, SearchStep } from '../../session/document-schema.ts';
import { rateText } from '../../session/figures-text.ts';
import { type KneeRow, kneeText } from '../../session/knee-row.ts';
import { liveCurve } from '../../session/live-curve.ts';
import type { SessionView } from '../../session/view.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { toAscii } from '../glyphs.ts';
import type { Role } from '../paint.ts';
import { drawScatter, type Scatter, type ScatterPoint } from '../scatter.ts';
import { shownCurve } from '../upper.ts';

interface Sign {
  readonly sign: string;
  readonly role: Role;
  /** As the legend has it. */
  readonly name: string;
  /** In the legend the least stays longest: the rarer a sign is, the less it is known. */
  readonly rank: number;
}

const signs = {
  pass: { sign: '●', role: 'good', name: 'pass', rank: 5 },
  fail: { sign: '×', role: 'bad', name: 'fail', rank: 4 },
  barelyPass: { sign: '○', role: 'good', name: 'marginal', rank: 2 },
  barelyFail: { sign: '⊗', role: 'bad', name: 'marginal fail', rank: 1 },
  client: { sign: '□', role: 'warn', name: 'client', rank: 0 },
  now: { sign: '◉', role: 'accent', name: 'now', rank: 3 },
} as const satisfies Readonly<Record<string, Sign>>;

/** The search that is shown; null: what was done without one. */
export function shownSearch({ state, view }: Pick<DrawContext, 'state' | 'view'>): Search | null {
  return view.searches[shownCurve(state, view) - 1] ?? null;
}

/** `width` and `height` are the panel's inside. */
export function drawCurve(context: DrawContext, width: number, height: number): PanelContent {
  const search = shownSearch(context);
  const drawn = search === null ? liveContent(context.view) : searchContent(search);
  const lines =
    drawn.scatter.points.length === 0
      ? ['', ` ${drawn.empty}`]
      : drawScatter(context.paint, width, height, drawn.scatter);
  const which = search !== null && search !== context.view.searches.at(-1);
  return {
    title: `${which ? `find ${context.view.searches.indexOf(search) + 1}: ` : ''}${drawn.title}`,
    right: drawn.legend,
    lines: context.state.graph === 'ascii' ? lines.map(toAscii) : lines,
  };
}

interface Drawn {
  readonly title: string;
  readonly legend: PanelContent['right'];
  readonly scatter: Scatter;
  readonly empty: string;
}

function searchContent(search: Search): Drawn {
  const figure = figureOf(search);
  const { knee, steps } = search;
  const newest = steps.length - 1;
  const lowest = search.bracket?.[0];
  const points = steps.flatMap((step, at): ScatterPoint[] => {
    const ms = stepMs(step, figure);
    const { sign, role } = signOf(search, step);
    // Of a step that failed without a figure too few were answered: it is larger than can be told.
    if (ms === null && step.verdict !== 'fail') return [];
    const tick = at === newest ? 3 : step.targetRate === lowest ? 2 : at === 0 ? 1 : 0;
    return [{ rateHz: step.targetRate, ms, sign, role, tick }];
  });
  const used = new Set(steps.map((step): Sign => signOf(search, step)));
  // Between two steps nothing is under way: the legend stands still all the same.
  const always: readonly Sign[] = [signs.pass, signs.fail, ...(search.outcome === 'running' ? [signs.now] : [])];
  const legend = Object.values(signs)
    .filter((one) => always.includes(one) || used.has(one))
    .map(({ sign, name, rank }) => ({ text: `${sign} ${name}`, rank }));
  return {
    title: `${figure.tag === 'e2e' ? 'End to end' : 'Response'} p${figure.percentile}, ms, by msg/s`,
    legend,
    empty: 'no step has figures yet',
    scatter: {
      points,
      limit: figure.limit === null ? null : { ms: figure.limit.ms, text: `SLO ${figure.limit.text}` },
      label: knee === null ? null : { rateHz: knee.rate, ms: msAt(knee.rate, steps, figure), text: kneeLabel(knee) },
    },
  };
}

function signOf(search: Search, step: SearchStep): Sign {
  if (isUnderWay(search, step)) return signs.now;
  switch (step.verdict) {
    case 'pass':
      return step.marginal ? signs.barelyPass : signs.pass;
    case 'fail':
      return step.marginal ? signs.barelyFail : signs.fail;
    case 'client':
      return signs.client;
    case 'unsure':
      return signs.now;
  }
}

function liveContent({ events, plan, points }: SessionView): Drawn {
  const { knee, rates, seconds } = liveCurve(points, events);
  const slo = plan.slos.find((one) => one.kind === 'latency' && one.tag === 'response' && one.percentile === 99);
  const known = rates.flatMap(({ p99Ms, rateHz }) => (p99Ms === null ? [] : [{ rateHz, ms: p99Ms }]));
  return {
    title: 'Response p99, ms, by msg/s',
    legend: '· a second  ● their median',
    empty: 'no rate has figures yet',
    scatter: {
      points: [
        ...seconds.flatMap(({ p99Ms, rateHz }): ScatterPoint[] =>
          p99Ms === null ? [] : [{ rateHz, ms: p99Ms, sign: '·', role: 'plain', faint: true }],
        ),
        ...known.map(({ ms, rateHz }): ScatterPoint => ({ rateHz, ms, sign: '●', role: 'accent', tick: 0 })),
      ],
      limit: slo?.kind === 'latency' ? { ms: slo.limitMs, text: `SLO p99<${slo.limitMs}ms` } : null,
      label: knee === null ? null : { rateHz: knee.rate, ms: between(knee.rate, known), text: kneeLabel(knee) },
    },
  };
}

/** As short as it may be: never without the range tested. */
function kneeLabel(knee: KneeRow): string {
  const text = kneeText(knee);
  const range = text.slice(text.indexOf('('), text.indexOf(')') + 1);
  return knee.beyond === null ? text : `knee ${knee.beyond === 'high' ? '≥' : '≤'} ${rateText(knee.rate)} ${range}`;
}

function msAt(rateHz: number, steps: readonly SearchStep[], figure: StepFigure): number | null {
  const known = steps.flatMap((step) => {
    const ms = stepMs(step, figure);
    return ms === null ? [] : [{ rateHz: step.targetRate, ms }];
  });
  return between(rateHz, known);
}

/** The latency at a rate, on a straight line between its neighbours on logarithmic scales; null: nothing is known. */
function between(rateHz: number, points: readonly { readonly rateHz: number; readonly ms: number }[]): number | null {
  const sorted = points.filter(({ ms }) => ms > 0).sort((a, b) => a.rateHz - b.rateHz);
  const below = sorted.findLast((point) => point.rateHz <= rateHz) ?? sorted[0];
  const above = sorted.find((point) => point.rateHz >= rateHz) ?? sorted.at(-1);
  if (below === undefined || above === undefined) return null;
  if (above.rateHz <= below.rateHz) return below.ms;
  const share = Math.log(rateHz / below.rateHz) / Math.log(above.rateHz / below.rateHz);
  return below.ms * (above.ms / below.ms) ** share;
}
