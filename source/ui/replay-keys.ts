/** The keys of a replay: its own, and those of the table that need no load. */
import type { Playback } from '../session/view.ts';
import type { Action, PlaybackAction } from './actions.ts';
import { actionOf, type KeyRow, keyTable } from './keys.ts';

/** What keys mean in a replay alone. */
export const replayRows: readonly KeyRow[] = [
  {
    label: 'space f',
    asciiLabel: 'space f',
    keys: [
      ['space', { kind: 'play' }],
      ['f', { kind: 'play' }],
    ],
    help: 'halt the playback, and go on',
    section: 'Replay',
    footer: { text: 'halt', rank: 2, label: 'space', asciiLabel: 'space' },
  },
  {
    label: '← →',
    asciiLabel: 'left right',
    keys: [
      ['left', { kind: 'seek', seconds: -5 }],
      ['right', { kind: 'seek', seconds: 5 }],
    ],
    help: 'back, forth by 5 s',
    section: 'Replay',
    footer: { text: '5 s', rank: 3 },
  },
  {
    label: '⇧← ⇧→',
    asciiLabel: 'shift-left/right',
    keys: [
      ['shift-left', { kind: 'seek', seconds: -1 }],
      ['shift-right', { kind: 'seek', seconds: 1 }],
    ],
    help: 'back, forth by 1 s',
    section: 'Replay',
    footer: null,
  },
  {
    label: '< >',
    asciiLabel: '< >',
    keys: [
      ['<', { kind: 'seek', seconds: -30 }],
      ['>', { kind: 'seek', seconds: 30 }],
    ],
    help: 'back, forth by 30 s',
    section: 'Replay',
    footer: { text: '30 s', rank: 4 },
  },
  {
    label: 'home end',
    asciiLabel: 'home end',
    keys: [
      ['home', { kind: 'seek-to', end: 'start' }],
      ['end', { kind: 'seek-to', end: 'end' }],
    ],
    help: "to the session's start, its end",
    section: 'Replay',
    footer: null,
  },
  {
    label: '[ ]',
    asciiLabel: '[ ]',
    keys: [
      ['[', { kind: 'speed', delta: -1 }],
      [']', { kind: 'speed', delta: 1 }],
    ],
    help: 'slower, faster',
    section: 'Replay',
    footer: { text: 'speed', rank: 5 },
  },
  {
    label: 'q ctrl-c',
    asciiLabel: 'q ctrl-c',
    keys: [
      ['q', { kind: 'quit' }],
      ['ctrl-c', { kind: 'interrupt' }],
    ],
    help: 'end the replay',
    section: 'Replay',
    footer: { text: 'quit', rank: 0, label: 'q', asciiLabel: 'q' },
  },
];

const ownActions: ReadonlyMap<string, Action> = new Map(replayRows.flatMap((row) => row.keys));

/** Whether nothing of a row works without a load, or all of it is taken by keys of the replay. */
function isLeftOut({ section, keys }: KeyRow): boolean {
  const needsLoad = ({ kind }: Action): boolean => kind === 'fresh' || kind === 'save' || kind === 'suspend';
  return (
    section === 'Knobs' || section === 'Load' || keys.every(([name, does]) => ownActions.has(name) || needsLoad(does))
  );
}

/** How to leave stands at the right end of the footer, as it does where there is a load. */
const [leave, moves] = [replayRows.slice(-1), replayRows.slice(0, -1)];
const replayTable: readonly KeyRow[] = [
  ...moves,
  ...keyTable.filter((row) => !isLeftOut(row)).map(withoutTaken),
  ...leave,
];

/** The row as it is where some of its keys mean something else. */
function withoutTaken(row: KeyRow): KeyRow {
  const taken = row.keys.filter(([name]) => ownActions.has(name)).map(([name]) => name);
  if (taken.length === 0) return row;
  const without = (label: string): string =>
    label
      .split(' ')
      .filter((word) => !taken.includes(word))
      .join(' ');
  return {
    ...row,
    label: without(row.label),
    asciiLabel: without(row.asciiLabel),
    keys: row.keys.filter(([name]) => !taken.includes(name)),
    help: row.help.replace(/ \(.*\)$/, ''),
  };
}

/** Carries out what moves through a saved session. */
export function play(playback: Playback, action: PlaybackAction): void {
  switch (action.kind) {
    case 'play':
      playback.toggle();
      return;
    case 'seek':
      playback.seekBy(action.seconds * 1000);
      return;
    case 'seek-to':
      playback.seekTo(action.end);
      return;
    case 'speed':
      playback.changeSpeed(action.delta);
      return;
    default:
      action satisfies never;
  }
}

/** The rows of keys that are shown: in the footer and in the help. */
export function shownKeys(isReplay: boolean): readonly KeyRow[] {
  return isReplay ? replayTable : keyTable;
}

/** What a key does; those that turn knobs are not left out, so that they are refused with a word. */
export function actionIn(isReplay: boolean, key: string): Action | undefined {
  return (isReplay ? ownActions.get(key) : undefined) ?? actionOf(key);
}
