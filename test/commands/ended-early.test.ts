import { expect, it } from 'vitest';
import { endedAtOnceText, endedEarlyText, type Kept } from '../../source/commands/ended-early.ts';

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

const nothing: Kept = { topics: [], savedPath: null, hasHistory: false };

it.each<[Kept, string]>([
  [nothing, ', and nothing is kept'],
  [{ ...nothing, savedPath: 'a.json' }, '; saved before: a.json'],
  [{ ...nothing, hasHistory: true }, '; loadtui report last tells what was measured'],
  [
    { topics: ['orders'], savedPath: null, hasHistory: true },
    '; loadtui report last tells what was measured; topic orders is left',
  ],
])('a run that was not waited for, of which there is %j', (kept, said) => {
  expect(endedAtOnceText(kept)).toBe(`loadtui: ended at once${said}\n`);
});
