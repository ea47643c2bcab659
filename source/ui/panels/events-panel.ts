/** What happened, newest first: marks as in the charts, outcome beside it, repeated errors as one row. */
import type { EventType, SessionEvent } from '../../session/view.ts';
import { fitLeft, widthOf } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { clockText } from '../format.ts';
import { cleanText, markGlyph } from '../glyphs.ts';
import type { Role } from '../paint.ts';

interface EventRow {
  readonly event: SessionEvent;
  /** How many alike follow each other. */
  readonly count: number;
}

/** Events that contain the filter's words, newest first; neighbours of the same error code are one row. */
export function eventRows(events: readonly SessionEvent[], filter: string): readonly EventRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: { event: SessionEvent; count: number }[] = [];
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index];
    if (event === undefined || !words.every((word) => haystack(event).includes(word))) {
      continue;
    }
    const last = rows.at(-1);
    if (last !== undefined && isSameError(last.event, event)) {
      last.count++;
    } else {
      rows.push({ event, count: 1 });
    }
  }
  return rows;
}

function haystack(event: SessionEvent): string {
  return `${event.type} ${event.message} ${event.outcome ?? ''}`.toLowerCase();
}

/** Of the same code and with the same fate: what was sent again is not what was given up. */
function isSameError(a: SessionEvent, b: SessionEvent): boolean {
  const { code, fate } = a.fields;
  return (
    a.type === 'error' && b.type === 'error' && code !== undefined && code === b.fields.code && fate === b.fields.fate
  );
}

const roles: Readonly<Partial<Record<EventType, Role>>> = {
  error: 'bad',
  abort: 'bad',
  disconnect: 'warn',
  missed: 'warn',
  accounting: 'warn',
  thread: 'bad',
  warning: 'warn',
  throttle: 'warn',
  hint: 'accent',
};

/** Words beside the colour. */
const words: Readonly<Partial<Record<EventType, string>>> = {
  error: 'ERROR ',
  abort: 'ABORT ',
  warning: 'warning: ',
};

/** At most `height` lines of `width` cells, from `scroll` rows down. */
export function eventLines({ paint, view, state }: DrawContext, width: number, height: number): readonly string[] {
  const rows = eventRows(view.events, state.filter);
  if (rows.length === 0) {
    return [` ${paint('dim', state.filter === '' ? 'nothing yet' : 'no event matches the filter')}`];
  }
  const first = Math.min(state.eventScroll, Math.max(0, rows.length - height));
  return rows.slice(first, first + height).map(({ event, count }) => {
    const mark = event.mark === null ? ' ' : paint('accent', markGlyph(event.mark));
    const times = count > 1 ? ` ×${count}` : '';
    const text = `${words[event.type] ?? ''}${cleanText(event.message)}${times}`;
    const message = paint(roles[event.type] ?? 'plain', text);
    const outcome = event.outcome === null ? '' : paint('dim', cleanText(event.outcome));
    const column = Math.max(20, Math.min(48, Math.floor(width * 0.36)));
    const body =
      outcome === '' ? message : `${widthOf(message) < column ? fitLeft(message, column) : `${message}  `}${outcome}`;
    return ` ${paint('dim', clockText(event.timeMs))} ${mark} ${body}`;
  });
}

/** `width` and `height` are the panel's inside. */
export function drawEvents(context: DrawContext, width: number, height: number): PanelContent {
  const { filter } = context.state;
  return {
    title: filter === '' ? 'Events, newest first' : `Events with "${cleanText(filter)}"`,
    right: '/ filter',
    lines: eventLines(context, width, height),
  };
}
