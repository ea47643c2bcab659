/**
 * The one table of keys. Dispatch, footer, help overlay and the README's list are made from it, so a key that works is
 * a key that is shown.
 */
import { type KnobName, knobNames, knobs } from '../config/knobs.ts';
import type { Action } from './actions.ts';
import { panelIds } from './layout.ts';

export interface FooterHint {
  readonly text: string;
  readonly rank: number;
  /** Only while something turns the knobs by itself, or a ramp does; left out: always. */
  readonly during?: 'automation' | 'ramp';
  /** Instead of the row's labels, where these are long. */
  readonly label?: string;
  readonly asciiLabel?: string;
}

export interface KeyRow {
  /** As printed: `⌫`, `r R`. */
  readonly label: string;
  /** The same in ASCII. */
  readonly asciiLabel: string;
  /** Key names (see key-press.ts) and what each does. */
  readonly keys: readonly (readonly [name: string, action: Action])[];
  readonly help: string;
  readonly section: 'Replay' | 'Knobs' | 'Load' | 'View' | 'Panels' | 'Session';
  /** Hint in the footer; lower ranks stay longer when it gets narrow. null: not in the footer. */
  readonly footer: FooterHint | null;
}

function knobRow(name: KnobName): KeyRow | null {
  const { keys, label, choices } = knobs[name];
  const [first, second] = keys;
  if (first === undefined) {
    return null;
  }
  const common = { label: keys.join(' '), asciiLabel: keys.join(' '), section: 'Knobs', footer: null } as const;
  if (choices !== null) {
    return { ...common, keys: [[first, { kind: 'choose', name }]], help: `choose ${label}` };
  }
  return {
    ...common,
    keys: [
      [first, { kind: 'step', name, direction: 'down' }],
      ...(second === undefined ? [] : [[second, { kind: 'step', name, direction: 'up' }] as const]),
    ],
    help: `${label} down, up`,
  };
}

function isRow(row: KeyRow | null): row is KeyRow {
  return row !== null;
}

export const keyTable: readonly KeyRow[] = [
  ...knobNames.map(knobRow).filter(isRow),
  {
    label: '↑ ↓ j k',
    asciiLabel: 'up down j k',
    keys: [
      ['up', { kind: 'move', delta: -1 }],
      ['down', { kind: 'move', delta: 1 }],
      ['k', { kind: 'move', delta: -1 }],
      ['j', { kind: 'move', delta: 1 }],
    ],
    help: 'move in the focused panel; other curves',
    section: 'Panels',
    footer: null,
  },
  {
    label: '← →',
    asciiLabel: 'left right',
    keys: [
      ['left', { kind: 'sideways', direction: 'down', fine: false }],
      ['right', { kind: 'sideways', direction: 'up', fine: false }],
    ],
    help: 'step the selected knob; scroll a chart; other curves',
    section: 'Knobs',
    footer: null,
  },
  {
    label: '⇧← ⇧→',
    asciiLabel: 'shift-left/right',
    keys: [
      ['shift-left', { kind: 'sideways', direction: 'down', fine: true }],
      ['shift-right', { kind: 'sideways', direction: 'up', fine: true }],
    ],
    help: 'change the rate by 1 % instead of 10 %',
    section: 'Knobs',
    footer: null,
  },
  {
    label: '⏎',
    asciiLabel: 'enter',
    keys: [['return', { kind: 'enter' }]],
    help: "type the selected knob's value",
    section: 'Knobs',
    footer: null,
  },
  {
    label: '⌫',
    asciiLabel: 'backspace',
    keys: [['backspace', { kind: 'back-off' }]],
    help: 'back off: return to the last rate that was clean for 10 s',
    section: 'Load',
    footer: { text: 'back off', rank: 2 },
  },
  {
    label: 'u',
    asciiLabel: 'u',
    keys: [['u', { kind: 'undo' }]],
    help: 'undo the last knob change',
    section: 'Load',
    footer: { text: 'undo', rank: 6 },
  },
  {
    label: 'space',
    asciiLabel: 'space',
    keys: [['space', { kind: 'pause' }]],
    help: 'pause or resume the load',
    section: 'Load',
    footer: { text: 'pause', rank: 3 },
  },
  {
    label: 'F',
    asciiLabel: 'F',
    keys: [['F', { kind: 'ask', what: 'find' }]],
    help: 'find the highest rate that holds',
    section: 'Load',
    footer: { text: 'find', rank: 4.5 },
  },
  {
    label: 'g',
    asciiLabel: 'g',
    keys: [['g', { kind: 'ask', what: 'ramp' }]],
    help: 'ramp: asks from, to and how long',
    section: 'Load',
    footer: { text: 'ramp', rank: 6.5 },
  },
  {
    label: '.',
    asciiLabel: '.',
    keys: [['.', { kind: 'halt' }]],
    help: 'stop a search or a ramp and stay at its rate',
    section: 'Load',
    footer: { text: 'stop here', rank: 1.5, during: 'automation' },
  },
  {
    label: 'G',
    asciiLabel: 'G',
    keys: [['G', { kind: 'reverse' }]],
    help: 'turn a ramp round',
    section: 'Load',
    footer: { text: 'reverse', rank: 1.6, during: 'ramp' },
  },
  {
    label: 'i',
    asciiLabel: 'i',
    keys: [['i', { kind: 'hint' }]],
    help: 'what the hint suggests: asks, and turns the knob',
    section: 'Load',
    footer: null,
  },
  {
    label: 'f',
    asciiLabel: 'f',
    keys: [['f', { kind: 'freeze' }]],
    help: 'freeze the view; the load goes on',
    section: 'View',
    footer: { text: 'freeze', rank: 7 },
  },
  {
    label: 'n',
    asciiLabel: 'n',
    keys: [['n', { kind: 'pin' }]],
    help: 'pin this moment: later figures say how they differ',
    section: 'View',
    footer: { text: 'pin', rank: 10 },
  },
  {
    label: 'e',
    asciiLabel: 'e',
    keys: [['e', { kind: 'latency-tag' }]],
    help: 'latency chart: response, service, slip, e2e',
    section: 'View',
    footer: { text: 'latency', rank: 11 },
  },
  {
    label: 't',
    asciiLabel: 't',
    keys: [['t', { kind: 'upper' }]],
    help: 'charts over time, or latency by rate and steps',
    section: 'View',
    footer: { text: 'time, rate', rank: 9.5 },
  },
  {
    label: '+ - [ ]',
    asciiLabel: '+ - [ ]',
    keys: [
      ['+', { kind: 'zoom', delta: -1 }],
      ['-', { kind: 'zoom', delta: 1 }],
      ['=', { kind: 'zoom', delta: -1 }],
      ['[', { kind: 'zoom', delta: 1 }],
      [']', { kind: 'zoom', delta: -1 }],
    ],
    help: 'zoom the time axis in, out (] in, [ out)',
    section: 'View',
    footer: { text: 'zoom', rank: 13, label: '+ -', asciiLabel: '+ -' },
  },
  {
    label: '< > { }',
    asciiLabel: '< > { }',
    keys: [
      ['<', { kind: 'scroll-time', delta: 1 }],
      ['>', { kind: 'scroll-time', delta: -1 }],
      ['{', { kind: 'scroll-time', delta: 1 }],
      ['}', { kind: 'scroll-time', delta: -1 }],
    ],
    help: 'scroll the time axis back, forth',
    section: 'View',
    footer: null,
  },
  {
    label: 'x',
    asciiLabel: 'x',
    keys: [['x', { kind: 'fresh' }]],
    help: 'fresh figures: open an epoch; the file keeps all',
    section: 'Session',
    footer: { text: 'fresh', rank: 12 },
  },
  {
    label: 's',
    asciiLabel: 's',
    keys: [['s', { kind: 'save' }]],
    help: 'save a snapshot now',
    section: 'Session',
    footer: { text: 'save', rank: 5 },
  },
  {
    label: '⇥ ⇧⇥',
    asciiLabel: 'tab shift-tab',
    keys: [
      ['tab', { kind: 'focus-by', delta: 1 }],
      ['shift-tab', { kind: 'focus-by', delta: -1 }],
    ],
    help: 'focus the next, previous panel',
    section: 'Panels',
    footer: { text: 'panel', rank: 9, label: '⇥', asciiLabel: 'tab' },
  },
  {
    label: '1–8',
    asciiLabel: '1-8',
    keys: panelIds.map((panel, index) => [String(index + 1), { kind: 'focus', panel }] as const),
    help: 'focus a panel; 7 latency by rate, 8 the steps',
    section: 'Panels',
    footer: null,
  },
  {
    label: 'PgUp PgDn',
    asciiLabel: 'PgUp PgDn',
    keys: [
      ['pageup', { kind: 'page', delta: -1 }],
      ['pagedown', { kind: 'page', delta: 1 }],
    ],
    help: 'scroll the focused panel by a page',
    section: 'Panels',
    footer: null,
  },
  {
    label: 'v',
    asciiLabel: 'v',
    keys: [['v', { kind: 'expand' }]],
    help: 'expand the focused panel, and back',
    section: 'Panels',
    footer: { text: 'expand', rank: 8 },
  },
  {
    label: '/',
    asciiLabel: '/',
    keys: [['/', { kind: 'filter' }]],
    help: 'filter events',
    section: 'View',
    footer: { text: 'filter', rank: 14 },
  },
  {
    label: 'esc',
    asciiLabel: 'esc',
    keys: [['escape', { kind: 'escape' }]],
    help: 'close, thaw, back to now and to all panels; stop',
    section: 'View',
    footer: null,
  },
  {
    label: ':',
    asciiLabel: ':',
    keys: [[':', { kind: 'command' }]],
    help: 'command line: tab completes, up and down recall',
    section: 'Session',
    footer: { text: 'command', rank: 4 },
  },
  {
    label: 'ctrl-l',
    asciiLabel: 'ctrl-l',
    keys: [['ctrl-l', { kind: 'redraw' }]],
    help: 'draw the screen anew',
    section: 'View',
    footer: null,
  },
  {
    label: '?',
    asciiLabel: '?',
    keys: [['?', { kind: 'help' }]],
    help: 'this help',
    section: 'Session',
    footer: { text: 'help', rank: 1 },
  },
  {
    label: 'q',
    asciiLabel: 'q',
    keys: [['q', { kind: 'quit' }]],
    help: 'drain, print the summary and end',
    section: 'Session',
    footer: { text: 'quit', rank: 0 },
  },
  {
    label: 'ctrl-c',
    asciiLabel: 'ctrl-c',
    keys: [['ctrl-c', { kind: 'interrupt' }]],
    help: 'the same, as an interrupt; once more ends at once',
    section: 'Session',
    footer: null,
  },
  {
    label: 'ctrl-z',
    asciiLabel: 'ctrl-z',
    keys: [['ctrl-z', { kind: 'suspend' }]],
    help: 'no suspending: a load that stands still measures nothing',
    section: 'Session',
    footer: null,
  },
];

const actionByKey: ReadonlyMap<string, Action> = new Map(keyTable.flatMap((row) => row.keys));

/** What a key does outside prompts; undefined: nothing. */
export function actionOf(key: string): Action | undefined {
  return actionByKey.get(key);
}

/** Key of a knob as printed beside it: `r R`. */
export function knobKeys(name: KnobName): string {
  return knobs[name].keys.join(' ');
}
