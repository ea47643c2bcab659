/** The worst hint in one line, and how many more there are: ` hint  batching-bound: a batch waits …: linger 5 ms → 0 ms?  (i)  +1`. */
import type { Hint } from '../../session/document-schema.ts';
import { wishText } from '../../session/hint-rows.ts';
import { cut } from '../cells.ts';
import { cleanText } from '../glyphs.ts';
import type { Paint } from '../paint.ts';

/** Less of the evidence says nothing. */
const leastEvidence = 40;

/** At most `columns` cells; where there is little room, what is suggested stays and the evidence goes. */
export function hintLine(paint: Paint, hints: readonly [Hint, ...Hint[]], columns: number): string {
  const [{ name, evidence, suggestion }, ...others] = hints;
  const head = ' hint  ';
  const tail = suggestion === null ? '' : `: ${wishText(suggestion)}?  (i)`;
  const text = cleanText(evidence);
  const more = others.length === 0 ? '' : `  +${others.length}`;
  const room = columns - 1 - `${head}${name}: ${tail}${more}`.length;
  const shown = text.length <= room ? text : room < leastEvidence ? '' : `${cut(text, room - 1)}…`;
  const why = shown === '' ? '' : `: ${shown}`;
  return `${paint('dim', head)}${paint('accent', name)}${why}${tail === '' ? '' : paint('bold', tail)}${paint('dim', more)}`;
}
