import { describe, expect, it } from 'vitest';
import { parseSlos } from '../../../source/config/slo.ts';
import { type AutomationWord, automationWords, parseAutomation } from '../../../source/session/automation/requests.ts';

function parse(text: string) {
  const [first = '', ...words] = text.split(' ');
  const name: AutomationWord | undefined = automationWords.find((word) => word === first);
  if (name === undefined) throw new Error(`${first} is no automation`);
  return parseAutomation(name, words);
}

const slos = parseSlos('p99<10ms');
const limits = { fromHz: null, maxHz: null };
const linger = [{ name: 'lingerMs', values: [0, 5] }];

describe('what is asked for', () => {
  it.each([
    [
      'find p99<10ms from 1k cap 9k max-time 5m quick',
      { kind: 'find', slos, fromHz: 1000, maxHz: 9000, maxTimeMs: 300_000, quick: true, resume: false },
    ],
    ['find', { kind: 'find', slos: [], ...limits, maxTimeMs: null, quick: null, resume: false }],
    ['find resume', { kind: 'find', slos: [], ...limits, maxTimeMs: null, quick: null, resume: true }],
    ['hold p99<10ms cap 9k', { kind: 'hold', slos, maxHz: 9000 }],
    ['soak', { kind: 'soak', at: { kind: 'share', fraction: 0.8 }, forMs: null }],
    ['sweep linger=0,5ms', { kind: 'sweep', knobs: linger, repeats: null, seed: null, slos: null, ...limits }],
    [
      'sweep linger=0,5ms repeats 3 seed 7 find p99<10ms from 1k cap 9k',
      { kind: 'sweep', knobs: linger, repeats: 3, seed: 7, slos, fromHz: 1000, maxHz: 9000 },
    ],
    // Objectives of the plan.
    ['sweep linger=0,5ms find', { kind: 'sweep', knobs: linger, repeats: null, seed: null, slos: [], ...limits }],
  ])('%s', (text, request) => {
    expect(parse(text)).toEqual({ ok: true, request });
  });

  it.each([
    ['hold p99<10ms from 1k', ':hold takes no "from"'],
    ['hold p99<10ms max-time 5m', ':hold takes no "max-time"'],
    ['hold p99<10ms quick', ':hold takes no "quick"'],
    ['hold resume', ':hold takes no "resume"'],
    ['sweep linger=0,5ms find p99<10ms max-time 1m', 'a search of a sweep takes no "max-time"'],
    ['sweep linger=0,5ms find p99<10ms quick', 'a search of a sweep takes no "quick"'],
    ['hold p99<10ms cap', '"cap" needs a value. Write :hold'],
    ['find p99<10ms resume', 'a search is gone on with as it was'],
    ['soak 80% 30m more', ':soak takes a share or a rate, and a time'],
  ])('refuses %s', (text, message) => {
    expect(parse(text)).toMatchObject({ ok: false, message: expect.stringContaining(message) });
  });
});
