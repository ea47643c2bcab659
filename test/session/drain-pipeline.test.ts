import { expect, it } from 'vitest';
import { type Emptying, judgeEmptying } from '../../source/session/drain-pipeline.ts';

const fresh: Emptying = { left: 100, stillMs: 0, sinceMs: 0, allCommitted: false, filters: false };

it.each<[string, Partial<Emptying>, ReturnType<typeof judgeEmptying>]>([
  ['all has come out', { left: 0, stillMs: 1e9, sinceMs: 1e9 }, 'empty'],
  ['more came than is known to have gone in', { left: -3 }, 'empty'],
  ['some has come just now', {}, 'goes-on'],
  ['a processor that restarts', { stillMs: 30_000, sinceMs: 30_000 }, 'goes-on'],
  ['one that does nothing any more', { stillMs: 30_001, sinceMs: 30_001 }, 'stalled'],
  ['one that filters, a while ago', { stillMs: 10_000, filters: true }, 'goes-on'],
  ['one that filters, and nothing more comes', { stillMs: 10_001, filters: true }, 'stalled'],
  ['its group has just committed the end', { stillMs: 5_000, allCommitted: true }, 'goes-on'],
  ['its group has committed the end, and nothing more comes', { stillMs: 5_001, allCommitted: true }, 'stalled'],
  ['a backlog of minutes', { stillMs: 10, sinceMs: 600_000 }, 'goes-on'],
  ['a backlog of hours', { stillMs: 10, sinceMs: 600_001 }, 'too-long'],
])('%s', (_name, changes, judged) => expect(judgeEmptying({ ...fresh, ...changes })).toBe(judged));
