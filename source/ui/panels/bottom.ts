/** The last two lines: what is asked, answered or must not be overlooked; and the keys. */
import { isShown, type ShownCard, shownCard } from '../card.ts';
import { fieldsThatFit, spread } from '../cells.ts';
import type { DrawContext } from '../draw-context.ts';
import { clockText } from '../format.ts';
import { cleanText } from '../glyphs.ts';
import type { FooterHint } from '../keys.ts';
import type { Paint } from '../paint.ts';
import { shownKeys } from '../replay-keys.ts';
import { hintLine } from './hint-line.ts';
import { promptLine } from './prompt-line.ts';

/** A prompt first, then the last answer, then banners, then the worst hint; an empty line where there is none of them. */
export function drawMessage(context: DrawContext, columns: number): string {
  const { state, paint, nowMs } = context;
  if (state.prompt !== null) {
    return promptLine(context, state.prompt, columns);
  }
  if (isShown(state.notice, nowMs)) {
    return ` ${paint(state.notice.tone === 'warn' ? 'warn' : 'plain', cleanText(state.notice.text))}`;
  }
  return bannerLine(context, columns);
}

function bannerLine({ ascii, state, live, nowMs, paint }: DrawContext, columns: number): string {
  const shown = shownCard(state, live, nowMs);
  if (shown !== null) return cardLine(shown, paint, ascii, columns);
  const isOn = live.phase === 'warm-up' || live.phase === 'measuring';
  const goesOn = live.paused ? '' : isOn ? 'the load goes on. ' : `${live.phase}. `;
  const frozen = state.frozen === null ? [] : [` FROZEN at ${clockText(state.frozen.nowMs)}: ${goesOn}f thaws `];
  const banners = live.banners
    .filter((banner) => banner.kind !== 'sandbox')
    .map((banner) => ` ${cleanText(banner.text)} `);
  const texts = [...frozen, ...banners];
  const [hint, ...others] = live.hints ?? [];
  if (texts.length === 0 && hint !== undefined) {
    return hintLine(paint, [hint, ...others], columns);
  }
  if (texts.length === 0) {
    return state.filter === '' ? '' : ` ${paint('dim', `only events with "${cleanText(state.filter)}" (/)`)}`;
  }
  return ` ${texts.map((text) => paint('reverse', text)).join(' ')}`;
}

/** What a search came to and what can be done with it: `58.7 k/s holds p99<10ms … ⏎ hold it  n baseline  F again  s save`. */
function cardLine({ card, isPaused }: ShownCard, paint: Paint, ascii: boolean, columns: number): string {
  const { kind, rateHz, text } = card;
  const key = (name: string, does: string): string => `${paint('bold', name)} ${paint('dim', does)}`;
  const keys = [
    ...(isPaused ? [key('space', 'resume')] : []),
    ...(rateHz === null ? [] : [key(ascii ? 'enter' : '⏎', 'hold it')]),
    key('n', 'baseline'),
    // F asks for a search.
    ...(kind === 'find' ? [key('F', 'again')] : []),
    key('s', 'save'),
  ].join('  ');
  return ` ${spread(paint('accent', cleanText(text)), `  ${keys}`, columns - 2)}`;
}

/** Key hints, as many as fit. */
export function drawFooter({ paint, ascii, live }: DrawContext, columns: number): string {
  const { automation } = live;
  const isOn = ({ during }: FooterHint): boolean =>
    during === undefined || (during === 'ramp' ? automation?.kind === 'ramp' : automation !== null);
  const fields = shownKeys(live.replay !== undefined).flatMap(({ label, asciiLabel, footer }) =>
    footer === null || !isOn(footer)
      ? []
      : [
          {
            text: `${paint('bold', ascii ? (footer.asciiLabel ?? asciiLabel) : (footer.label ?? label))} ${paint('dim', footer.text)}`,
            rank: footer.rank,
          },
        ],
  );
  return ` ${fieldsThatFit(fields, columns - 2, '  ')}`;
}
