/** The second line at the top: target against achieved, bytes, failures and objectives; while a search is under way, where it stands. */
import { compressions } from '../../../config/plan.ts';
import type { AutomationView } from '../../../session/automation/automation.ts';
import { codecInForce } from '../../../session/compression-text.ts';
import { byteRateText, percentText, rateText, ratioText, shortCount } from '../../../session/figures-text.ts';
import type { SessionView, SloView } from '../../../session/view.ts';
import { type Field, fieldsThatFit } from '../../cells.ts';
import type { DrawContext } from '../../draw-context.ts';
import { orDash } from '../../format.ts';
import { cleanText } from '../../glyphs.ts';
import type { Paint } from '../../paint.ts';
import type { Units } from '../../steady-units.ts';
import { searches } from '../../upper.ts';
import { type LineSpace, roomyColumns } from './line-space.ts';

/** At most `width` cells. */
export function rateLine(context: DrawContext, { columns, width, isWide }: LineSpace): string {
  const fields = searchFields(context.view, isWide) ?? rateFields(context, isWide);
  return fieldsThatFit(fields, width, columns >= roomyColumns ? '   ' : '  ');
}

/** The second line while a search is under way: where it stands is all that counts; null: there is none. */
function searchFields({ automation }: SessionView, isWide: boolean): readonly Field[] | null {
  if (automation === null || !searches({ automation, card: null }) || automation.detail === '') return null;
  const [place = '', now = '', ...more] = automation.detail.split(/ {2,}/);
  return [
    { text: isWide ? place : place.replace('bracket ', ''), rank: 1 },
    { text: now, rank: 0 },
    { text: more.join('   '), rank: 2 },
  ];
}

/** Tight, as the line is. */
const achievedText = (fraction: number) => percentText(fraction).replace(' ', '');

function rateFields({ paint, view, state: { units } }: DrawContext, isWide: boolean): readonly Field[] {
  const { totals } = view;
  const target = rateText(view.targetRate, units.target).padStart(8);
  const cap = view.maxRate === null || !isWide ? '' : ` (cap ${shortCount(view.maxRate)})`;
  // Where there is no room for all, what is broken comes first, and stays longer than what was missed.
  const broken = view.slos.filter(({ held }) => held === false);
  const others = view.slos.filter(({ held }) => held !== false);
  const slos = [...broken, ...others].slice(0, isWide ? 2 : 1).map((slo, index) => ({
    text: sloText(paint, slo, isWide),
    rank: index > 0 ? 8 : slo.held === false ? 1.5 : 3,
  }));
  const bad = (count: number, text: string) => (count > 0 ? paint('bad', text) : text);
  return [
    { text: view.automation === null ? `target ${target}${cap}` : aimText(view.automation), rank: 1 },
    { text: progressText(view, units), rank: 0 },
    { text: bytesField(view, units).padStart(10), rank: 4 },
    ...wireFields(view, units),
    ...(isWide
      ? [
          { text: bad(view.failedRate, `fail ${shortCount(view.failedRate, units.failed).padStart(3)}/s`), rank: 5 },
          { text: `retry ${shortCount(view.retryRate, units.retried).padStart(3)}/s`, rank: 6 },
        ]
      : []),
    { text: bad(totals.missed, `missed ${shortCount(totals.missed)}`), rank: 2 },
    ...slos,
  ];
}

/** What stands in place of the target: `target 45.2 k/s → 200 k/s`, as wide whatever the rate. */
function aimText({ detail }: AutomationView): string {
  return detail.padEnd('target 45.2 k/s → 45.2 k/s'.length);
}

/** Where nothing is sent, nothing is acknowledged: what is read counts. */
function progressText(view: SessionView, units: Units): string {
  if (readsOnly(view)) return `read ${rateText(view.consumedRate, units.consumed).padStart(8)}`;
  return `acked ${rateText(view.ackedRate, units.acked).padStart(8)} ${orDash(view.achievedFraction, achievedText).padStart(6)}`;
}

function bytesField(view: SessionView, units: Units): string {
  return readsOnly(view)
    ? byteRateText(view.consumedBytesRate, units.consumedBytes)
    : byteRateText(view.ackedBytesRate, units.ackedBytes);
}

const longestCodec = Math.max(...compressions.map((name) => name.length));

/** `lz4     3.1×   1.54 MiB/s on the wire`, as wide whatever the codec and the figures; nothing without a codec. */
function wireFields({ compressionRatio, knobs, wireBytesRate }: SessionView, units: Units): readonly Field[] {
  const codec = codecInForce(knobs);
  if (codec === null) return [];
  const rate = byteRateText(wireBytesRate, units.wireBytes).padStart(10);
  return [
    { text: `${codec.padEnd(longestCodec)} ${orDash(compressionRatio, ratioText).padStart(5)}`, rank: 5.5 },
    { text: `${rate} on the wire`, rank: 7 },
  ];
}

/** `p99<10ms ✔ held 61 s`: the sign and the word say the same. */
function sloText(paint: Paint, slo: SloView, isWide: boolean): string {
  const text = cleanText(slo.text).replace(/^response\./, '');
  const held = slo.heldForS === null ? '' : ` ${Math.round(slo.heldForS)} s`;
  switch (slo.held) {
    case true:
      return `${text} ${paint('good', isWide ? `✔ held${held}` : `✔${held === '' ? ' held' : held}`)}`;
    case false:
      return `${text} ${paint('bad', `✘ ${isWide ? `broken: ${cleanText(slo.actual)}` : 'broken'}`)}`;
    case null:
      return `${text} ${paint('dim', '… too early')}`;
  }
}

function readsOnly({ plan }: SessionView): boolean {
  return plan.mode === 'consume-only';
}
