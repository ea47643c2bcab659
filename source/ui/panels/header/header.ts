/** The three lines at the top: what runs where; target against achieved; the state of the moment. */
import type { DrawContext } from '../../draw-context.ts';
import { identityLine } from './identity-line.ts';
import type { LineSpace } from './line-space.ts';
import { rateLine } from './rate-line.ts';
import { stateLine } from './state-line.ts';

const wideColumns = 110;

/** Exactly three lines of at most `columns` cells. */
export function drawHeader(context: DrawContext, columns: number): readonly string[] {
  const space: LineSpace = { columns, width: columns - 2, isWide: columns >= wideColumns };
  return [identityLine, rateLine, stateLine].map((draw) => ` ${draw(context, space)}`);
}
