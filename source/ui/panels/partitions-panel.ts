/** The lag panel with the whole screen to itself: lag and load by partition, load by broker, and how uneven both are. */
import { byteRateText, rateText, shortCount, spanText, threeDigits, wholeNumber } from '../../session/figures-text.ts';
import type { LagRow, LagView, SkewFigures, SkewView } from '../../session/view.ts';
import { cut, fitRight, spread, widthOf } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { clockText, dash, orDash } from '../format.ts';
import { cleanText } from '../glyphs.ts';
import { watchedLines } from './lag-panel.ts';

const noSkew: SkewView = { windowS: 0, partitions: [], brokers: [], maxOverMean: null, slowestOverMedian: null };
const noFigures: SkewFigures = { messageRate: 0, bytesRate: 0, roundTripMs: null };
const committedColumns = 100;
/** Of all lines, at most so much for brokers. */
const brokerShare = 1 / 5;

/** `width` and `height` are the panel's inside. */
export function drawPartitions(context: DrawContext, width: number, height: number): PanelContent {
  const { paint, state, view } = context;
  const { lag, skew = noSkew } = view;
  const wide = width >= committedColumns;
  const brokers = skew.brokers.slice(0, Math.max(1, Math.floor(height * brokerShare)));
  const watched = watchedLines(lag, width).slice(0, Math.max(1, Math.floor(height * brokerShare)));
  const sums = sumLines(context, lag, skew, width);
  const room = Math.max(0, height - 2 - sums.length - brokers.length - watched.length);
  const isPipeline = view.topic?.consumed !== undefined;
  const rows = [...ordered(lag, skew), ...(isPipeline ? onlyWritten(skew) : [])];
  const first = Math.min(state.lagScroll, Math.max(0, rows.length - room));
  const shown = rows.slice(first, first + room);
  const topics = new Set(rows.map(({ topic }) => topic)).size;
  const place = ({ topic, partition }: LagRow): string =>
    topics > 1 ? `${cleanText(topic).slice(-3)}/${partition}` : `${partition}`;
  const figuresOf = new Map(skew.partitions.map((row) => [`${row.topic}/${row.partition}`, row]));
  const most = rows[0]?.lag ?? 0;
  const lines = [
    paint('dim', line(wide, 'part', ['log end', 'committed', 'lag', 'msg/s', 'bytes/s', 'trip ms'])),
    ...shown.map((row) => {
      const figures = figuresOf.get(`${row.topic}/${row.partition}`) ?? null;
      const offsets = [offsetText(row.logEndOffset), offsetText(row.committedOffset), offsetText(row.lag)];
      const text = line(wide, place(row), [...offsets, ...loadTexts(figures)]);
      return `${text} ${paint('accent', bar(row.lag, most, width - text.length - 2))}`;
    }),
    ...Array.from({ length: room - shown.length }, () => ''),
    rows.length > shown.length
      ? paint('dim', `   … ${wholeNumber(Math.max(lag.partitions, rows.length) - shown.length)} more`)
      : '',
    ...sums,
    ...watched,
    ...brokers.map((broker) => line(wide, `broker ${broker.brokerId}`, ['', '', '', ...loadTexts(broker)])),
  ];
  const group = lag.group === null ? '' : cleanText(lag.group);
  const title = 'Lag and skew';
  return { title, right: cut(group, Math.max(0, width - title.length - 10)), lines };
}

/** Worst lag first; where nobody reads, the partition with the most messages. */
function ordered(lag: LagView, skew: SkewView): readonly LagRow[] {
  if (lag.rows.some((row) => row.lag !== null)) return lag.rows;
  const rates = new Map(skew.partitions.map((row) => [`${row.topic}/${row.partition}`, row.messageRate]));
  const rate = ({ topic, partition }: LagRow): number => rates.get(`${topic}/${partition}`) ?? 0;
  return lag.rows.toSorted((a, b) => rate(b) - rate(a));
}

/** Of a pipeline, whose input is written and whose output is read: the partitions of the input. */
function onlyWritten({ partitions }: SkewView): readonly LagRow[] {
  const nothing = { logEndOffset: null, position: null, committedOffset: null, lag: null, committedLag: null };
  return partitions.map(({ topic, partition }) => ({ topic, partition, ...nothing }));
}

/** Columns at fixed places; committed offsets only where there is room. */
function line(wide: boolean, place: string, texts: readonly string[]): string {
  const [logEnd = '', committed = '', lag = '', rate = '', bytes = '', roundTrip = ''] = texts;
  const offsets = `${fitRight(logEnd, 12)}${wide ? fitRight(committed, 13) : ''}${fitRight(lag, 9)}`;
  return ` ${fitRight(place, 9)}${offsets}${fitRight(rate, 10)}${fitRight(bytes, 13)}${fitRight(roundTrip, 9)}`;
}

function loadTexts(figures: SkewFigures | null): readonly string[] {
  const { messageRate, bytesRate, roundTripMs } = figures ?? noFigures;
  if (figures === null) return [dash, dash, dash];
  return [rateText(messageRate), byteRateText(bytesRate), orDash(roundTripMs, threeDigits)];
}

/** Billions do not fit a column with all their digits. */
function offsetText(offset: number | null): string {
  return orDash(offset, offset !== null && offset >= 1e9 ? shortCount : wholeNumber);
}

function bar(lag: number | null, most: number, room: number): string {
  if (lag === null || lag <= 0 || most <= 0) return '';
  return '▇'.repeat(Math.max(0, Math.min(room, Math.max(1, Math.round((lag / most) * room)))));
}

/** The total and how uneven it all is, beside each other where there is room for both. */
function sumLines(context: DrawContext, lag: LagView, skew: SkewView, width: number): readonly string[] {
  const total = totalText(context, lag);
  const uneven = skewText(context, skew);
  if (uneven === '') return [total];
  if (widthOf(total) + widthOf(uneven) + 3 <= width) return [spread(total, `${uneven} `, width)];
  return [total, ` ${uneven}`];
}

function totalText({ paint, view, state }: DrawContext, lag: LagView): string {
  if (lag.noAnswerSinceMs !== null) return paint('warn', ` no answer since ${clockText(lag.noAnswerSinceMs)}`);
  if (view.plan.mode === 'produce-only') return paint('dim', ' nothing is consumed');
  const time = lag.totalMs === null ? '' : ` = ${spanText(lag.totalMs, state.units.lagMs)} behind`;
  return ` total ${paint('bold', `${orDash(lag.totalMessages, (total) => shortCount(total, state.units.lag))}${time}`)}`;
}

function skewText({ paint }: DrawContext, { maxOverMean, slowestOverMedian, windowS }: SkewView): string {
  const partitions = maxOverMean === null ? [] : [`largest partition ${threeDigits(maxOverMean)} × the mean`];
  const brokers = slowestOverMedian === null ? [] : [`slowest broker ${threeDigits(slowestOverMedian)} × the median`];
  const texts = [...partitions, ...brokers];
  return texts.length === 0 ? '' : paint('bold', `${texts.join(', ')} (${windowS} s)`);
}
