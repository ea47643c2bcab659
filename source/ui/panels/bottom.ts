/** The last two lines: what is asked, answered or must not be overlooked; and the keys. */
import { knobs } from '../../config/knobs.ts';
import { themeNames } from '../../config/themes.ts';
import { completeCommand } from '../../session/commands.ts';
import { wishText } from '../../session/hint-rows.ts';
import { knobText } from '../../session/knob-text.ts';
import type { SessionView } from '../../session/view.ts';
import { takesText } from '../asks.ts';
import { isShown, type ShownCard, shownCard } from '../card.ts';
import { fieldsThatFit, spread, widthOf } from '../cells.ts';
import type { DrawContext } from '../draw-context.ts';
import { clockText } from '../format.ts';
import { cleanText } from '../glyphs.ts';
import type { FooterHint } from '../keys.ts';
import type { LineState } from '../line-editor.ts';
import type { Paint } from '../paint.ts';
import { shownKeys } from '../replay-keys.ts';
import type { Prompt } from '../state.ts';
import { hintLine } from './hint-line.ts';

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
  const { rateHz, text } = card;
  const key = (name: string, does: string): string => `${paint('bold', name)} ${paint('dim', does)}`;
  const keys = [
    ...(isPaused ? [key('space', 'resume')] : []),
    ...(rateHz === null ? [] : [key(ascii ? 'enter' : '⏎', 'hold it')]),
    key('n', 'baseline'),
    key('F', 'again'),
    key('s', 'save'),
  ].join('  ');
  return ` ${spread(paint('accent', cleanText(text)), `  ${keys}`, columns - 2)}`;
}

function promptLine(context: DrawContext, prompt: Prompt, columns: number): string {
  const { paint, view, ascii } = context;
  const enter = ascii ? 'enter' : '⏎';
  switch (prompt.kind) {
    case 'command': {
      const typed = ` ${paint('bold', ':')}${editedText(paint, prompt.line)}`;
      const hint = takesText(prompt.line.text, view, enter) ?? completeCommand(prompt.line.text, themeNames).join('  ');
      return hinted(paint, typed, hint, columns);
    }
    case 'knob': {
      const definition = knobs[prompt.name];
      const knob = view.knobs.find((candidate) => candidate.name === prompt.name);
      const now = knob === undefined ? '' : `now ${knobText(prompt.name, knob.requested)}, `;
      const typed = ` ${paint('bold', `${definition.label}:`)} ${editedText(paint, prompt.line)}`;
      return hinted(paint, typed, `${now}${definition.help}   ${enter} sets, esc`, columns);
    }
    case 'filter':
      return hinted(
        paint,
        ` ${paint('bold', 'filter events:')} ${editedText(paint, prompt.line)}`,
        `${enter} keeps, esc clears; words or types: ${eventTypesOf(view).join(' ')}`,
        columns,
      );
    case 'chooser':
      return ` ${paint('bold', `${knobs[prompt.name].label}:`)} ${knobs[prompt.name].help}`;
    case 'suggestion':
      return ` ${paint('bold', `${wishText(prompt.suggestion)}? ${enter}`)}  esc   ${paint('dim', prompt.hint)}`;
    case 'confirm':
      return ` ${paint('warn', cleanText(prompt.question))} ${paint('bold', `${prompt.question.endsWith('?') ? enter : `${enter} again`}, esc`)}`;
  }
}

/** The types of the events that there are. */
function eventTypesOf({ events }: SessionView): readonly string[] {
  return [...new Set(events.map(({ type }) => type))];
}

function hinted(paint: Paint, typed: string, hint: string, columns: number): string {
  const room = columns - widthOf(typed) - 4;
  return room < 8 || hint === ''
    ? typed
    : `${typed}   ${paint('dim', hint.length > room ? `${hint.slice(0, room - 1)}…` : hint)}`;
}

/** The text with its cursor in reverse video. */
function editedText(paint: Paint, { text, cursor }: LineState): string {
  const under = text.charAt(cursor) || ' ';
  return `${text.slice(0, cursor)}${paint('reverse', under)}${text.slice(cursor + 1)}`;
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
