/**
 * Plain lines, at most 80 columns: what a run says where there is no screen.
 *
 *     loadtui  latency on SANDBOX (1 broker), loadtui-7f3a ×16 RF1 acks=1
 *     Response in ms, of the last 1 to 60 s: the shortest that has enough messages.
 *        time phase     target    acked  MiB/s     p50     p99   p99.9    lag    left
 *       00:12 measure 50.0 k/s 50.0 k/s   4.77    0.99    3.97    12.7    412   01:02
 *       00:13 * linger 0 ms → 5 ms
 *
 * One line a second for the first minute, then one in ten seconds. `*` marks an event, `!` one that is bad news.
 */
import type { Writable } from 'node:stream';
import type { DocumentStart, SessionDocument } from '../session/document-schema.ts';
import { countdown, msText, rateText, shortCount, stopwatch } from '../session/figures-text.ts';
import type { EventType, SessionEvent, SessionSink, SessionView, ShownPercentile } from '../session/view.ts';
import { watchedText } from '../session/watched-text.ts';
import { compressionRows } from './compression-rows.ts';
import { asciiOnly, mebibytes } from './figures-text.ts';
import { createLineWriter } from './line-writer.ts';
import { progressText, searchLines } from './search-lines.ts';
import {
  ackedText,
  clusterText,
  consumesOnly,
  earlyText,
  headline,
  maxText,
  messagesText,
  rankTexts,
  readText,
  sandboxNote,
  topicText,
  watchedTexts,
} from './summary.ts';
import { searchesOfSweeps, sweepRows } from './sweep-lines.ts';
import { wrapWords } from './wrap.ts';

export interface LinesOptions {
  /** ASCII only. */
  readonly ascii: boolean;
  /** Called once, when nobody reads any more. */
  readonly onClosed: (error: Error) => void;
}

const columns = 80;
const timeWidth = 8;
const widths = [7, 8, 8, 6, 7, 7, 7, 6, 7] as const;
const headings = ['phase', 'target', 'acked', 'MiB/s', 'p50', 'p99', 'p99.9', 'lag', 'left'];
const asWritten = (text: string): string => text;
const firstMinuteMs = 60_000;
const badNews = new Set<EventType>([
  'error',
  'disconnect',
  'missed',
  'abort',
  'slo',
  'accounting',
  'thread',
  'warning',
]);

/** A sink that writes plain lines. It waits for `start`: until then it says nothing, unless the run ends there. */
export function createLinesSink(stream: Writable, options: LinesOptions): SessionSink {
  const writer = createLineWriter(stream, options.onClosed);
  const spell = options.ascii ? asciiOnly : asWritten;
  let startedAtMs: number | null = null;
  let early: SessionEvent[] = [];
  let nextLineMs = 0;
  let nextAsideMs = 0;

  const writeEvent = (event: SessionEvent): void => {
    const elapsedMs = startedAtMs === null ? 0 : event.timeMs - startedAtMs;
    for (const line of eventLines(event, elapsedMs, spell)) writer.line(line);
  };
  return {
    start(start) {
      startedAtMs = Date.parse(start.run.startedAt);
      for (const line of headerLines(start, spell)) writer.line(line);
      for (const event of early) writeEvent(event);
      early = [];
    },
    tick(nowMs, look) {
      // The same zero as for events: what a view calls elapsed may begin elsewhere.
      const elapsedMs = startedAtMs === null ? 0 : nowMs - startedAtMs;
      if (startedAtMs === null || elapsedMs < nextLineMs) return;
      const view = look();
      if (view.phase === 'connecting' || view.phase === 'done') return;
      nextLineMs = nextLineAfter(elapsedMs);
      writer.line(viewLine(view, elapsedMs));
      if (elapsedMs < nextAsideMs) return;
      nextAsideMs = nextAsideAfter(elapsedMs);
      for (const line of asideLines(view, spell)) writer.line(line);
    },
    event(event) {
      if (startedAtMs === null) early.push(event);
      else writeEvent(event);
    },
    summary(document) {
      for (const line of closingLines(document, spell)) writer.line(line);
    },
    close() {
      for (const event of early) writeEvent(event);
      early = [];
      return writer.flush();
    },
  };
}

/** When the next line is due, ms since the start: the next whole second, after a minute the next ten. */
export function nextLineAfter(elapsedMs: number): number {
  const everyMs = elapsedMs < firstMinuteMs ? 1000 : 10_000;
  return (Math.floor(elapsedMs / everyMs) + 1) * everyMs;
}

/** What has no column of its own is told every ten seconds. */
function nextAsideAfter(elapsedMs: number): number {
  return (Math.floor(elapsedMs / 10_000) + 1) * 10_000;
}

/** What turns the knobs by itself, what is inside a pipeline, and other people's groups, a line each. */
export function asideLines(
  { automation, inPipeline, lag }: Pick<SessionView, 'automation' | 'inPipeline' | 'lag'>,
  spell = asWritten,
): string[] {
  const progress = automation === null ? [] : [progressText(automation)];
  const inside = typeof inPipeline === 'number' ? [`${shortCount(inPipeline)} in the pipeline`] : [];
  return [...progress, ...inside, ...(lag.watched ?? []).map(watchedText)].flatMap((text) =>
    wrapWords(spell(`${' '.repeat(timeWidth)}   ${text}`), columns, timeWidth + 3),
  );
}

/** What runs where, and the headings. SANDBOX stands in the first line. */
export function headerLines(start: DocumentStart, spell = asWritten): string[] {
  const what = `loadtui  ${start.run.preset ?? start.plan.task.value} on ${clusterText(start.cluster)}, ${topicText(start)}`;
  return [
    ...wrapWords(spell(what), columns, 2),
    'Response in ms, of the last 1 to 60 s: the shortest that has enough messages.',
    tableLine(
      'time',
      consumesOnly(start) ? headings.map((heading) => (heading === 'acked' ? 'read' : heading)) : headings,
    ),
  ];
}

/** One line of figures; `elapsedMs` since the run's start. */
export function viewLine(view: SessionView, elapsedMs: number): string {
  const { p50, p99, p999 } = view.latency.response;
  return tableLine(stopwatch(elapsedMs), [
    phaseText(view),
    rateText(view.targetRate),
    rateText(view.plan.mode === 'consume-only' ? view.consumedRate : view.ackedRate),
    mebibytes(view.plan.mode === 'consume-only' ? view.consumedBytesRate : view.ackedBytesRate),
    percentileText(p50),
    percentileText(p99),
    percentileText(p999),
    view.lag.totalMessages === null ? '-' : shortCount(view.lag.totalMessages),
    leftText(view),
  ]);
}

/** An event on as many lines as it needs. */
export function eventLines(event: SessionEvent, elapsedMs: number, spell = asWritten): string[] {
  const sign = badNews.has(event.type) ? '!' : '*';
  const outcome = event.outcome === null ? '' : `: ${event.outcome}`;
  const text = `${stopwatch(elapsedMs).padStart(timeWidth)} ${sign} ${event.message}${outcome}`;
  return wrapWords(spell(text.replaceAll(/\s*\n\s*/g, ' ')), columns, timeWidth + 3);
}

/** What came out, in few lines. SANDBOX stands in the last. */
export function closingLines(document: SessionDocument, spell = asWritten): string[] {
  const { response } = document.latency;
  const ranks = rankTexts(document, 'response');
  const { exitCode, label, reasons } = document.run.verdict;
  const figures =
    response.count === 0
      ? 'no response times'
      : `response p50 ${ranks.p50}, p99 ${ranks.p99}, p99.9 ${ranks.p999}, max ${maxText(response)} ms`;
  const early = earlyText(document);
  const slos = document.slos.map((slo) => {
    return `${slo.expr} ${slo.held === null ? 'not judged' : slo.held ? 'held' : 'BROKEN'}`;
  });
  return [
    headline(document),
    figures,
    ...(early === null ? [] : [early]),
    consumesOnly(document) ? `read ${readText(document)}` : `acked ${ackedText(document)}`,
    ...compressionRows(document),
    messagesText(document.totals),
    ...watchedTexts(document),
    ...slos,
    ...searchLines(document.searches, searchesOfSweeps(document)),
    ...sweepRows(document).map(([name, text]) => (name === '' ? `  ${text}` : `${name}: ${text}`)),
    ...reasons,
    `exit ${exitCode}: ${label}`,
    ...(document.cluster.sandbox ? [sandboxNote] : []),
  ].flatMap((line) => wrapWords(spell(line), columns, 2));
}

function tableLine(time: string, cells: readonly string[]): string {
  const row = widths.map((width, index) => {
    const cell = cells[index] ?? '';
    return index === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return [time.padStart(timeWidth), ...row].join(' ');
}

function phaseText(view: SessionView): string {
  if (view.paused) return 'PAUSED';
  switch (view.phase) {
    case 'connecting':
      return 'connect';
    case 'measuring':
      return 'measure';
    case 'draining':
      return 'drain';
    case 'warm-up':
    case 'done':
      return view.phase;
  }
}

function percentileText({ atLeast, valueMs }: ShownPercentile): string {
  if (valueMs === null) return '-';
  return `${atLeast ? '>' : ''}${msText(valueMs)}`;
}

/** Time left of warm-up and measured phase together. */
function leftText(view: SessionView): string {
  if (view.phase === 'warm-up') {
    const { durationMs } = view.plan;
    return view.phaseLeftMs === null || durationMs === null ? '-' : shortTime(view.phaseLeftMs + durationMs);
  }
  return view.phase === 'measuring' && view.phaseLeftMs !== null ? shortTime(view.phaseLeftMs) : '-';
}

/** Time left, begun seconds in full; from ten hours on without seconds: at most seven characters. */
function shortTime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 600 ? countdown(ms) : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}
