/** When the card of a search is on the screen: the line that draws it and the key that acts on it must not differ. Pure. */
import type { Card } from '../session/automation/pilot.ts';
import type { SessionView } from '../session/view.ts';
import type { ScreenState } from './state.ts';

/** `isPaused`: the load stands still since somebody wanted it, or since nobody was there. */
export interface ShownCard {
  readonly card: Card;
  readonly isPaused: boolean;
}

/** The card, where nothing stands in its place that matters more; null: it is not to be seen, or there is none. */
export function shownCard(
  { frozen, notice, prompt }: Pick<ScreenState, 'frozen' | 'notice' | 'prompt'>,
  { banners, card }: Pick<SessionView, 'banners' | 'card'>,
  nowMs: number,
): ShownCard | null {
  if (card === null || prompt !== null || frozen !== null || isShown(notice, nowMs)) return null;
  // A pause is in the header as well: what the search came to stays to be read.
  const isHidden = banners.some(({ kind }) => kind !== 'sandbox' && kind !== 'paused');
  return isHidden ? null : { card, isPaused: banners.some(({ kind }) => kind === 'paused') };
}

/** Whether an answer is still to be read. */
export function isShown(notice: ScreenState['notice'], nowMs: number): notice is NonNullable<ScreenState['notice']> {
  return notice !== null && nowMs < notice.untilMs;
}
