import { describe, expect, it } from 'vitest';
import { loadtui } from '../cli/support.ts';

describe('loadtui replay', () => {
  it.each([
    ['replay last', 'a replay needs a terminal, and standard output is none\n  try: loadtui report last gives'],
    ['replay', 'which session?\n  try: loadtui replay last'],
    ['replay last --rate 5', '--rate means nothing to loadtui replay'],
    ['replay a.json b.json', 'one session is enough'],
  ])('refuses: %s', async (words, message) => {
    const { code, stdout, stderr } = await loadtui(words.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('looks at what concerns a replay alone, not at where runs save', async () => {
    const { stderr } = await loadtui(['replay', 'last'], '', { LOADTUI_SAVE: 'package.json' });
    expect(stderr).toContain('a replay needs a terminal');
  });
});
