import { describe, expect, it } from 'vitest';
import { nextCommands } from '../../source/commands/next-commands.ts';
import { resolveWritten } from '../config/support.ts';
import { sampleDocument } from '../session/sample.ts';
import { fakeSweep } from '../session/support/fake-sweep.ts';
import { fakeSearch } from '../ui/fake-search.ts';

const resolved = resolveWritten({ args: ['-t', 'orders', '-r', '2k'] });
const next = (changes: Parameters<typeof sampleDocument>[0], asksNextTime = false) =>
  nextCommands({ document: sampleDocument(changes), knobs: {}, asksNextTime }, resolved);

describe('what may be run next', () => {
  it('is the same again, with a yes where it would be asked', () => {
    expect(next({})).toEqual({ again: 'loadtui -t orders -r 2k', verify: null });
    expect(next({}, true).again).toBe('loadtui -t orders -r 2k -y');
  });

  it('is the proof of what the last search found', () => {
    const searches = [fakeSearch({ maxSustainableRate: 1000 }), fakeSearch({ knobs: { rate: 1000, lingerMs: 20 } })];
    expect(next({ searches }, true).verify).toBe(
      "loadtui -t orders -r 58.7k --linger 20ms -d 1m --slo 'p99<10ms' -y --plain",
    );
    expect(next({ searches: [...searches, fakeSearch({ maxSustainableRate: null })] }).verify).toBeNull();
  });

  it('is secured as the run was', () => {
    const args = ['-b', 'b1', '--tls', '-t', 'orders', '-X', 'ssl.key.password=hunter2', '--max-rate', '90k'];
    const document = sampleDocument({ searches: [fakeSearch({ maxSustainableRate: 1000 })] });
    const { again, verify } = nextCommands({ document, knobs: {}, asksNextTime: false }, resolveWritten({ args }));
    expect(again).toMatch(/^loadtui -b b1:9092 --tls -t orders /);
    expect(verify).toMatch(/^loadtui -b b1:9092 --tls -t orders .* --plain$/);
    expect(`${again}${verify}`).not.toContain('hunter2');
  });

  it('is no single combination of a sweep', () => {
    const sweep = fakeSweep({}, undefined, [[1000, 2]]);
    const sweeps = [{ ...sweep, runs: sweep.runs.map((run) => ({ ...run, search: 0 })) }];
    expect(next({ searches: [fakeSearch()], sweeps }).verify).toBeNull();
    expect(next({ searches: [fakeSearch()] }).verify).not.toBeNull();
  });
});
