/** What keys do, apart from which key does it. */
import type { KnobName } from '../config/knobs.ts';
import type { PanelId } from './layout.ts';

/** Concerns only where the operator looks: carried out by navigate.ts. */
export type LookAction =
  | { readonly kind: 'move'; readonly delta: 1 | -1 }
  | { readonly kind: 'page'; readonly delta: 1 | -1 }
  | { readonly kind: 'latency-tag' }
  | { readonly kind: 'escape' }
  | { readonly kind: 'focus-by'; readonly delta: 1 | -1 }
  | { readonly kind: 'focus'; readonly panel: PanelId }
  | { readonly kind: 'expand' }
  /** Charts over time, or what a search found. */
  | { readonly kind: 'upper' }
  | { readonly kind: 'zoom'; readonly delta: 1 | -1 }
  | { readonly kind: 'scroll-time'; readonly delta: 1 | -1 }
  | { readonly kind: 'filter' }
  | { readonly kind: 'command' }
  | { readonly kind: 'help' };

/** Moves through a saved session. */
export type PlaybackAction =
  | { readonly kind: 'play' }
  /** Seconds forth, negative: back. */
  | { readonly kind: 'seek'; readonly seconds: number }
  | { readonly kind: 'seek-to'; readonly end: 'start' | 'end' }
  | { readonly kind: 'speed'; readonly delta: 1 | -1 };

/** Needs the run: carried out by controller.ts. */
export type RunAction =
  /** ← → in the focused panel: a step of the selected knob, or along the time axis. */
  | { readonly kind: 'sideways'; readonly direction: 'up' | 'down'; readonly fine: boolean }
  | { readonly kind: 'enter' }
  | { readonly kind: 'step'; readonly name: KnobName; readonly direction: 'up' | 'down' }
  | { readonly kind: 'choose'; readonly name: KnobName }
  | { readonly kind: 'pause' | 'back-off' | 'undo' | 'fresh' | 'save' }
  /** Asks for what turns knobs by itself. */
  | { readonly kind: 'ask'; readonly what: 'find' | 'ramp' }
  /** Ends that where it stands, or turns it round. */
  | { readonly kind: 'halt' | 'reverse' }
  /** What the hint suggests. */
  | { readonly kind: 'hint' }
  | { readonly kind: 'freeze' | 'pin' }
  | PlaybackAction
  | { readonly kind: 'redraw' }
  | { readonly kind: 'quit' }
  /** Asked for and not done. */
  | { readonly kind: 'suspend' }
  | { readonly kind: 'interrupt' };

/** What a key does. */
export type Action = LookAction | RunAction;

const lookKinds: Readonly<Record<LookAction['kind'], true>> = {
  move: true,
  page: true,
  'latency-tag': true,
  escape: true,
  'focus-by': true,
  focus: true,
  expand: true,
  upper: true,
  zoom: true,
  'scroll-time': true,
  filter: true,
  command: true,
  help: true,
};

export function isLookAction(action: Action): action is LookAction {
  return Object.hasOwn(lookKinds, action.kind);
}
