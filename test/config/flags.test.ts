import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../source/config/flags.ts';

/** Words as they were understood: positionals, then `label=text` of each flag. */
function understood(...args: readonly string[]): readonly [readonly string[], readonly string[]] {
  const { given, positionals } = parseCommandLine(args);
  return [positionals, given.map(({ label, text }) => `${label}=${text}`)];
}

describe('flags that take many words', () => {
  it.each<[string, string[], string[]]>([
    ['compare --base a b --new c d', ['compare'], ['--base=a', '--base=b', '--new=c', '--new=d']],
    ['compare --base=a b', ['compare'], ['--base=a', '--base=b']],
    ['compare --base a --force b', ['compare', 'b'], ['--base=a', '--force=']],
    ['compare --base a -o out.md b', ['compare', 'b'], ['--base=a', '--out=out.md']],
    ['compare a --base b', ['compare', 'a'], ['--base=b']],
    ['compare --base a -- b', ['compare', 'b'], ['--base=a']],
    ['run --rate 5 plan.yaml', ['run', 'plan.yaml'], ['--rate=5']],
  ])('%s', (words, positionals, given) => {
    expect(understood(...words.split(' '))).toEqual([positionals, given]);
  });

  it('need one at least', () => {
    expect(() => parseCommandLine(['--base', '--new', 'a'])).toThrow('--base needs a value');
  });
});
