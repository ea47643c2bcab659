import { expect, it } from 'vitest';
import { endedAtOnceText, endedEarlyText } from '../../source/commands/ended-early.ts';

const [first, second] = ['loadtui-0123456789abcdef', 'loadtui-0123456789abcdef-1'];

it.each<[string[], string]>([
  [[], ''],
  [['orders'], '; topic orders is left'],
  [[first], `; topic ${first} is left (loadtui topics --clean removes it)`],
  [[first, second], `; topics ${first}, ${second} are left (loadtui topics --clean removes them)`],
  [['a', 'b', 'c', 'd', 'e'], '; topics a, b, c and 2 more are left'],
])('a run that was ended early and left %j', (left, said) => {
  expect(endedEarlyText(left)).toBe(`loadtui: ended before any load, nothing was measured${said}\n`);
});

it.each([
  [[], false, 'ended at once, and nothing is kept'],
  [[], true, 'ended at once; loadtui report last tells what was measured'],
  [['orders'], true, 'ended at once; loadtui report last tells what was measured; topic orders is left'],
])('a run that was not waited for and left %j, with a history: %s', (left, hasHistory, said) => {
  expect(endedAtOnceText(left, hasHistory)).toBe(`loadtui: ${said}\n`);
});
