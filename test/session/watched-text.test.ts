import { expect, it } from 'vitest';
import { commitText, watchedText } from '../../source/session/watched-text.ts';

const lag = { group: 'job', lagMessages: 12_345, lagMs: 3210, commitAgeMs: 4_900 };
const unknown = { ...lag, lagMessages: null, lagMs: null };

it.each([
  [lag, 'job 12.3k = 3.21 s behind, commit 4 s ago'],
  [{ ...lag, lagMs: null, commitAgeAtLeast: true }, 'job 12.3k behind, commit >4 s ago'],
  [{ ...lag, lagMessages: 0, lagMs: 0, commitAgeMs: 130_000 }, 'job 0 = 0 ms behind, commit 2 min ago'],
  [{ ...lag, uncommittedPartitions: 2 }, 'job 12.3k+ = 3.21 s behind, commit 4 s ago, 2 partitions without a commit'],
  [{ ...unknown, commitAgeMs: null }, 'job lag unknown, no commit yet'],
  [{ ...unknown, isFresh: false }, 'job lag unknown, no answer'],
])('%j', (one, text) => expect(watchedText(one)).toBe(text));

it('an age is in whole seconds, then in minutes', () => {
  expect([0, 999, 1_000, 119_999, 120_000].map((commitAgeMs) => commitText({ ...lag, commitAgeMs }))).toEqual([
    'commit 0 s ago',
    'commit 0 s ago',
    'commit 1 s ago',
    'commit 119 s ago',
    'commit 2 min ago',
  ]);
});
