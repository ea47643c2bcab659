/**
 * A comparison for people, in 80 columns:
 *
 *     loadtui compare  6 base runs, 6 new runs
 *       base     latency, 10 s on kafka (3 brokers), orders-load ×12 RF3 acks=all
 *       new      the same
 *       changed  linger 0 ms → 5 ms
 *
 *                       base       new  new/base                     p
 *       p50, ms         8.25      9.05     1.099  [1.048, 1.152]  .0087  inconclusive
 *
 * and the same as Markdown.
 */
import { fewestForLabels, sameWithin, significance } from '../analysis/compare-figures.ts';
import { msText, plural, rateText, threeDigits } from '../session/figures-text.ts';
import type { FigureName } from './compared-run.ts';
import type { ComparedFigure, ComparedSide, Comparison, Difference } from './comparison.ts';
import { sandboxNote } from './summary.ts';
import { wrapWords } from './wrap.ts';

const columns = 80;
const labelWidth = 11;

/** Ends with a line feed. */
export function comparisonText(comparison: Comparison): string {
  const lines = [
    ...wrapWords(`loadtui compare  ${title(comparison)}`, columns, 2),
    ...headRows(comparison).flatMap(([label, text]) =>
      wrapWords(`  ${label.padEnd(labelWidth - 2)}${text}`, columns, labelWidth),
    ),
    '',
    ...alignedTable(tableOf(comparison)),
    '',
    ...notes(comparison, (text) => text).flatMap((note) => wrapWords(`  ${note}`, columns, 2)),
  ];
  return `${lines.join('\n').replaceAll(/ +$/gm, '')}\n`;
}

export function comparisonMarkdown(comparison: Comparison): string {
  const { head, rows } = tableOf(comparison);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, at) => (isLeft(at, head.length) ? '---' : '--:'));
  const lines = [
    `## ${title(comparison)}`,
    '',
    ...headRows(comparison).map(([label, text]) => `- ${label}: ${asText(text)}`),
    '',
    ...[head, rule, ...rows].map(line),
    '',
    ...notes(comparison, asText).flatMap((note) => [note, '']),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** With names from documents in it, none of which is Markdown or HTML. */
function asText(text: string): string {
  return text.replace(/[\\`*_<>[\]|]/g, '\\$&');
}

function title({ base, claim, new: later, sandbox }: Comparison): string {
  const runs = `${plural(base.length, 'base run')}, ${plural(later.length, 'new run')}`;
  const where = sandbox ? 'SANDBOX, ' : '';
  switch (claim) {
    case 'one-run-each':
      return `${where}one run each: no significance claimed`;
    case 'too-few-for-labels':
      return `${where}${runs}: too few for labels`;
    case 'labels':
      return `${where}${runs}`;
  }
}

type HeadRow = readonly [label: string, text: string];

function headRows({ base, changed, new: later, unlike }: Comparison): HeadRow[] {
  const [before, after] = [base, later].map((runs) => [...new Set(runs.map(({ headline }) => headline))]);
  const first = before?.[0] ?? '';
  const isSame = before?.length === 1 && after?.length === 1 && after[0] === first;
  return [
    ['base', `${first}${moreText(before)}`],
    ['new', isSame ? 'the same' : `${after?.[0] ?? ''}${moreText(after)}`],
    ['changed', changed.map(changeText).join('; ') || 'nothing that loadtui knows of'],
    ...(unlike.length === 0 ? [] : [['UNLIKE', unlike.map(changeText).join('; ')] as const]),
  ];
}

function moreText(headlines: readonly string[] | undefined): string {
  const more = (headlines?.length ?? 1) - 1;
  return more === 0 ? '' : ` (and ${more} more like it)`;
}

/** `linger 0 ms → 5 ms`. */
function changeText({ base, name, new: later }: Difference): string {
  const few = (texts: readonly string[]): string =>
    texts.length <= 3 ? texts.join(', ') : `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more`;
  return `${name} ${few(base)} → ${few(later)}`;
}

interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function tableOf(comparison: Comparison): Table {
  const { claim, coverage, figures } = comparison;
  const own = (figure: ComparedFigure): string[] => [
    figureLabel(figure.name),
    valueText(figure.name, figure.base.median),
    valueText(figure.name, figure.new.median),
  ];
  switch (claim) {
    case 'one-run-each':
    case 'too-few-for-labels': {
      const which = claim === 'one-run-each' ? ['in base', 'in new'] : ['base runs', 'new runs'];
      return {
        head: ['', 'base', 'new', 'change', ...which],
        rows: figures.map((figure) => [
          ...own(figure),
          shareText(figure.ratio),
          spreadText(figure.name, figure.base),
          spreadText(figure.name, figure.new),
        ]),
      };
    }
    case 'labels':
      return {
        head: ['', 'base', 'new', 'ratio', coverage === null ? '' : `[${(coverage * 100).toFixed(1)} %]`, 'p', ''],
        rows: figures.map((figure) => [
          ...own(figure),
          ratioText(figure.ratio),
          figure.interval === null ? '-' : `[${ratioText(figure.interval.low)}, ${ratioText(figure.interval.high)}]`,
          figure.test === null ? '-' : pText(figure.test.pHolm),
          labelText(figure),
        ]),
      };
  }
}

function isLeft(at: number, count: number): boolean {
  return at === 0 || (count === 7 && at === 6);
}

function alignedTable({ head, rows }: Table): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)));
  return lines.map((cells) => {
    const padded = cells.map((cell, at) => {
      const width = widths[at] ?? 0;
      return isLeft(at, head.length) ? cell.padEnd(width) : cell.padStart(width);
    });
    // An estimate and its interval belong together.
    return `  ${padded.slice(0, 4).join('  ')}${head.length === 7 ? ' ' : '  '}${padded.slice(4).join('  ')}`;
  });
}

function figureLabel(name: FigureName): string {
  switch (name) {
    case 'p50Ms':
      return 'p50, ms';
    case 'p99Ms':
      return 'p99, ms';
    case 'throughputRate':
      return 'throughput';
    case 'maxSustainableRate':
      return 'max rate';
  }
}

function isLatency(name: FigureName): boolean {
  return name === 'p50Ms' || name === 'p99Ms';
}

function valueText(name: FigureName, value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'never';
  return isLatency(name) ? msText(value) : rateText(value);
}

/** `[1.80, 1.99]`, `[49.9, 50.1 k/s]`: both in the unit of the larger one. */
function spreadText(name: FigureName, { spread }: ComparedSide): string {
  if (spread === null) return '-';
  const high = valueText(name, spread.high);
  const [, unit] = / ([kMG])\/s$/.exec(high) ?? [];
  const low = unit === undefined ? valueText(name, spread.low) : threeDigits(spread.low / unitOf(unit));
  return `[${low}, ${high}]`;
}

function unitOf(letter: string): number {
  return 1000 ** ('kMG'.indexOf(letter) + 1);
}

/** At most five characters: `1.099`, `12.34`, `123.4`. */
function ratioText(ratio: number): string {
  if (ratio === Number.POSITIVE_INFINITY || ratio >= 99_999.5) return '>1e5';
  if (ratio < 9.9995) return ratio.toFixed(3);
  if (ratio < 99.995) return ratio.toFixed(2);
  return ratio < 999.95 ? ratio.toFixed(1) : String(Math.round(ratio));
}

/** `+4.3 %` of a ratio; from tenfold on `x 12.3`. */
function shareText(ratio: number): string {
  if (ratio >= 10) return `x ${ratioText(ratio)}`;
  const percent = ((ratio - 1) * 100).toFixed(1);
  return `${ratio >= 1 ? '+' : ''}${percent} %`.replace('+-', '-');
}

/** `.0087`, `<.0001`, `1`. */
function pText(p: number): string {
  if (p < 0.0001) return '<.0001';
  return p > 0.99995 ? '1' : p.toFixed(4).replace(/^0/, '');
}

function labelText({ test }: ComparedFigure): string {
  if (test === null) return '-';
  return test.direction === null ? test.label : `${test.label}: ${test.direction}`;
}

/** `written`: how text with names from documents in it is written. */
function notes(comparison: Comparison, written: (text: string) => string): string[] {
  const { base, claim, figures, leftOut, new: later, remarks, sandbox, smallestP } = comparison;
  const isEndless = ({ values }: ComparedSide): boolean => values.includes(Number.POSITIVE_INFINITY);
  return [
    ...meaning(claim, figures, `${base.length} v ${later.length} can give is ${pText(smallestP)}`),
    ...(figures.some((figure) => isEndless(figure.base) || isEndless(figure.new))
      ? ['never: the percentile falls among messages that were not answered.']
      : []),
    ...leftOut.map(({ name, reason }) => `${figureLabel(name).replace(', ms', '')} is left out. ${written(reason)}.`),
    ...remarks.map(written),
    ...(sandbox ? [sandboxNote] : []),
  ];
}

/** What the columns say, and how much that is worth. */
function meaning(claim: Comparison['claim'], figures: readonly ComparedFigure[], least: string): string[] {
  const needed = `Labels need ${fewestForLabels} runs a side, alternating`;
  switch (claim) {
    case 'one-run-each': {
      const hasSearch = figures.some(({ name }) => name === 'maxSustainableRate');
      const bracket = hasSearch ? '; of max rate the bracket of its search' : '';
      return [
        `[low, high]: the middle 80 % of a run's one-second intervals${bracket}. So much comes and goes without any change.`,
        `${needed}.`,
      ];
    }
    case 'too-few-for-labels':
      return ['base, new: medians. [low, high]: of the runs.', `${needed}. The smallest p that ${least}.`];
    case 'labels': {
      const same = `[${sameWithin.low}, ${sameWithin.high}]`;
      const p = `exact Mann–Whitney, Holm over ${plural(figures.length, 'figure')}`;
      return [
        `base, new: medians. ratio: new over base (Hodges–Lehmann), with its interval. p: ${p}.`,
        `different: p < ${String(significance).replace(/^0/, '')} and the interval outside ${same}; equivalent: the interval within it; inconclusive: neither.`,
      ];
    }
  }
}
