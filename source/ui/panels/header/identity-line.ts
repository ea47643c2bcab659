/** The first line at the top: what runs, and where; at its right end the phase, the epoch and the time. */
import type { AutomationView } from '../../../session/automation/automation.ts';
import { countdown, plural, stopwatch } from '../../../session/figures-text.ts';
import type { Banner, ReplayView, SessionView } from '../../../session/view.ts';
import { type Field, fieldsThatFit, spread, widthOf } from '../../cells.ts';
import type { DrawContext } from '../../draw-context.ts';
import { clockText } from '../../format.ts';
import { cleanText } from '../../glyphs.ts';
import type { Paint } from '../../paint.ts';
import type { LineSpace } from './line-space.ts';

/** Fields up to this rank say which run it is: the cluster and the preset. */
const lastEssentialRank = 2;

/** At most `width` cells. */
export function identityLine({ paint, view, live, state }: DrawContext, { width, isWide }: LineSpace): string {
  const gap = isWide ? '   ' : '  ';
  const words = stateWords(paint, live, state.frozen !== null);
  const fields = identityFields(paint, view, isWide);
  const essential = fieldsThatFit(
    fields.filter(({ rank }) => rank <= lastEssentialRank),
    width,
    gap,
  );
  const room = (right: string) => width - widthOf(right) - gap.length;
  const rights = rightEnds(paint, view, isWide).map((end) => [...words, ...end].join(gap));
  const right = rights.find((end) => room(end) >= widthOf(essential)) ?? rights.at(-1) ?? '';
  return spread(fieldsThatFit(fields, room(right), gap), right, width);
}

function identityFields(paint: Paint, view: SessionView, isWide: boolean): readonly Field[] {
  const brokers = view.cluster?.brokers ?? 0;
  const count = isWide ? ` ${plural(brokers, 'broker')}` : '';
  const version = view.cluster?.version ?? null;
  const cluster = view.sandbox
    ? `${paint('reverse', ' SANDBOX ')}${count}`
    : view.cluster === null
      ? 'no cluster yet'
      : `kafka${version === null ? '' : ` ${cleanText(version)}`}${count === '' ? ` ${brokers}b` : count}`;
  const acks = view.knobs.find((knob) => knob.name === 'acks')?.applied ?? view.plan.acks;
  const topic = view.topic;
  const shape = topic === null ? '' : `×${topic.partitions} RF${topic.replicationFactor} `;
  const topicName =
    topic === null ? 'no topic yet' : topic.count > 1 ? `${topic.count} topics` : cleanText(topic.name).slice(0, 32);
  const behind = topic?.consumed === undefined ? '' : ` → ${cleanText(topic.consumed).slice(0, 32)}`;
  return [
    { text: paint('bold', 'loadtui'), rank: 5 },
    { text: paint('accent', cleanText(view.automation?.title ?? view.plan.preset ?? '')), rank: 2 },
    { text: cluster, rank: 1 },
    { text: `${topicName}${behind}`, rank: 6 },
    { text: `${shape}${view.plan.mode === 'consume-only' ? 'read only' : `acks=${acks}`}`, rank: 3 },
    { text: paint('dim', view.plan.client), rank: 7 },
  ];
}

/** What stands at the right end of the first line, the longest first: the words for states take room from it. */
function rightEnds(paint: Paint, view: SessionView, isWide: boolean): readonly (readonly string[])[] {
  if (view.automation !== null) return automationEnds(paint, view.automation, clockText(view.nowMs));
  const phase = phaseText(paint, view);
  const clock = clockText(view.nowMs);
  const epoch = `epoch ${String(view.epoch).padStart(2)}`;
  return [...(isWide ? [[phase, epoch, clock]] : []), [phase, clock], [phase], [phaseName(paint, view)]];
}

/** `● step 9 of ~12, about 1:10 left`, less where there is less room. */
function automationEnds(paint: Paint, { progress }: AutomationView, clock: string): readonly (readonly string[])[] {
  const sign = paint('good', '●');
  const short = progress.replace(/,.*/, '');
  return [[`${sign} ${progress}`, clock], [`${sign} ${progress}`], [`${sign} ${short}`]];
}

const bannerWords: Readonly<Record<Banner['kind'], string | null>> = {
  sandbox: null,
  paused: 'PAUSED',
  'consumers-paused': 'CONSUMERS PAUSED',
  'load-stopped': 'LOAD STOPPED',
  'cluster-away': 'CLUSTER AWAY',
  'lag-unknown': 'LAG UNKNOWN',
};

/** Words in reverse video for what must not be overlooked. */
function stateWords(paint: Paint, view: SessionView, isFrozen: boolean): readonly string[] {
  const words = view.banners.map((banner) => bannerWords[banner.kind]).filter((word) => word !== null);
  if (view.paused && !words.includes('PAUSED') && !words.includes('LOAD STOPPED')) {
    words.push('PAUSED');
  }
  if (view.consumersPaused && !words.includes('CONSUMERS PAUSED')) {
    words.push('CONSUMERS PAUSED');
  }
  const replay = view.replay === undefined ? [] : [view.replay.playing ? 'REPLAY' : 'REPLAY HALTED'];
  return [...replay, ...(isFrozen ? ['FROZEN'] : []), ...words].map((word) => paint('reverse', ` ${word} `));
}

function phaseText(paint: Paint, view: SessionView): string {
  if (view.replay !== undefined) return `${phaseName(paint, view)} ${positionText(view.replay)}`;
  const left = view.phaseLeftMs === null ? '' : ` −${countdown(view.phaseLeftMs)}`;
  const time = `${stopwatch(view.phaseElapsedMs)}${left}`;
  return `${phaseName(paint, view)} ${time}`;
}

/** `01:42 of 04:12 ×10`: always as wide, whatever the position. */
function positionText({ positionMs, lengthMs, speed }: ReplayView): string {
  const length = stopwatch(lengthMs);
  return `${stopwatch(positionMs).padStart(length.length)} of ${length} ${`×${speed}`.padEnd(4)}`;
}

function phaseName(paint: Paint, { phase }: SessionView): string {
  return `${paint(phase === 'measuring' ? 'good' : 'warn', '●')} ${phase}`;
}
