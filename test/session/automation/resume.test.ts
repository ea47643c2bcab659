import { describe, expect, it } from 'vitest';
import { resumeObstacle, resumesAt } from '../../../source/session/automation/resume.ts';
import { fakeSearch } from '../../ui/fake-search.ts';

const knobs = { rate: 1, lingerMs: 5, batchSize: 65_536, acks: 'all' } as const;

describe('a search', () => {
  it.each(['stopped', 'out-of-time', 'not-recovered'] as const)(
    '%s: can be gone on with, whatever the rate is now',
    (outcome) => {
      const search = fakeSearch({ outcome, knobs: { ...knobs, rate: 77 } });
      expect(resumeObstacle(search, knobs)).toBeNull();
      expect(resumesAt(search)).toBe(10);
    },
  );

  it.each([
    [fakeSearch(), knobs, /came to its end/],
    [fakeSearch({ outcome: 'unconfirmed' }), knobs, /came to its end/],
    [fakeSearch({ outcome: 'running' }), knobs, /under way/],
    [fakeSearch({ outcome: 'stopped', steps: [] }), knobs, /before its first step/],
    [fakeSearch({ outcome: 'stopped', knobs }), { ...knobs, lingerMs: 0 }, /^linger is 0 ms and was 5 ms/],
    [fakeSearch({ outcome: 'stopped', knobs }), { ...knobs, acks: 1 as const }, /^acks is 1 and was all/],
    [undefined, knobs, /no search/],
  ])('is refused with the reason: %#', (search, present, reason) => {
    expect(resumeObstacle(search, present)).toMatch(reason);
  });
});
