import { describe, expect, it } from 'vitest';
import { collapseRepeats, keyNames } from '../../source/ui/key-press.ts';
import { actionOf, keyTable } from '../../source/ui/keys.ts';

describe('the key table', () => {
  it('gives every key one meaning', () => {
    const names = keyTable.flatMap((row) => row.keys.map(([name]) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['r', { kind: 'step', name: 'rate', direction: 'down' }],
    ['R', { kind: 'step', name: 'rate', direction: 'up' }],
    ['b', { kind: 'step', name: 'batchSize', direction: 'down' }],
    ['B', { kind: 'step', name: 'batchSize', direction: 'up' }],
    ['l', { kind: 'step', name: 'lingerMs', direction: 'down' }],
    ['L', { kind: 'step', name: 'lingerMs', direction: 'up' }],
    ['p', { kind: 'step', name: 'producers', direction: 'down' }],
    ['P', { kind: 'step', name: 'producers', direction: 'up' }],
    ['c', { kind: 'step', name: 'consumers', direction: 'down' }],
    ['C', { kind: 'step', name: 'consumers', direction: 'up' }],
    ['m', { kind: 'step', name: 'messageSize', direction: 'down' }],
    ['M', { kind: 'step', name: 'messageSize', direction: 'up' }],
    ['a', { kind: 'choose', name: 'acks' }],
    ['z', { kind: 'choose', name: 'compression' }],
    ['space', { kind: 'pause' }],
    ['backspace', { kind: 'back-off' }],
    ['u', { kind: 'undo' }],
    ['f', { kind: 'freeze' }],
    ['e', { kind: 'latency-tag' }],
    ['j', { kind: 'move', delta: 1 }],
    ['up', { kind: 'move', delta: -1 }],
    ['shift-right', { kind: 'sideways', direction: 'up', fine: true }],
    ['return', { kind: 'enter' }],
    ['tab', { kind: 'focus-by', delta: 1 }],
    ['shift-tab', { kind: 'focus-by', delta: -1 }],
    ['6', { kind: 'focus', panel: 'events' }],
    ['v', { kind: 'expand' }],
    ['+', { kind: 'zoom', delta: -1 }],
    ['[', { kind: 'zoom', delta: 1 }],
    ['<', { kind: 'scroll-time', delta: 1 }],
    ['}', { kind: 'scroll-time', delta: -1 }],
    ['x', { kind: 'fresh' }],
    ['/', { kind: 'filter' }],
    ['s', { kind: 'save' }],
    [':', { kind: 'command' }],
    ['?', { kind: 'help' }],
    ['q', { kind: 'quit' }],
    ['ctrl-c', { kind: 'interrupt' }],
    ['F', { kind: 'ask', what: 'find' }],
    ['g', { kind: 'ask', what: 'ramp' }],
    ['G', { kind: 'reverse' }],
    ['.', { kind: 'halt' }],
    ['t', { kind: 'upper' }],
    ['8', { kind: 'focus', panel: 'steps' }],
    ['9', undefined],
    ['i', { kind: 'hint' }],
  ])('%s', (key, action) => {
    expect(actionOf(key)).toEqual(action);
  });

  it('has an ASCII label for each key', () => {
    for (const row of keyTable) {
      expect(row.asciiLabel).toMatch(/^[ -~]+$/);
    }
  });
});

const noFlags = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageUp: false,
  pageDown: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  tab: false,
  backspace: false,
  delete: false,
  shift: false,
  ctrl: false,
  meta: false,
};

describe('keyNames', () => {
  it.each([
    ['r', {}, ['r']],
    ['R', { shift: true }, ['R']],
    [' ', {}, ['space']],
    ['', { rightArrow: true }, ['right']],
    ['', { rightArrow: true, shift: true }, ['shift-right']],
    ['', { tab: true, shift: true }, ['shift-tab']],
    ['', { upArrow: true, shift: true }, ['up']],
    ['c', { ctrl: true }, ['ctrl-c']],
    ['r', { meta: true }, ['escape', 'r']],
    [':rate 5k\r', {}, [':', 'r', 'a', 't', 'e', 'space', '5', 'k', 'return']],
    ['rr', {}, ['r', 'r']],
    ['', {}, []],
  ])('%j %j', (input, flags, expected) => {
    expect(keyNames(input, { ...noFlags, ...flags })).toEqual(expected);
  });
});

describe('collapseRepeats', () => {
  it('makes repeated upward steps one and leaves all else', () => {
    expect(collapseRepeats(['R', 'R', 'R', 'r', 'r', 'right', 'right', 'j', 'j', 'R'])).toEqual([
      'R',
      'r',
      'r',
      'right',
      'j',
      'j',
      'R',
    ]);
  });
});
