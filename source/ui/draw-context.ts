/** What every panel needs to draw. */
import type { SessionView } from '../session/view.ts';
import type { Field } from './cells.ts';
import type { Paint } from './paint.ts';
import type { ScreenState } from './state.ts';

export interface DrawContext {
  readonly paint: Paint;
  readonly ascii: boolean;
  /** The picture that is shown: live or frozen. */
  readonly view: SessionView;
  /** The newest picture: warnings come from here, frozen or not. */
  readonly live: SessionView;
  readonly state: ScreenState;
  /** Screen clock, ms. */
  readonly nowMs: number;
}

/** A panel's inside: `lines` need not fill the box, and are cut where they are too long. */
export interface PanelContent {
  readonly title: string;
  /** At the right end of the border; of fields those of the least rank stay longest. */
  readonly right: string | readonly Field[];
  readonly lines: readonly string[];
}
