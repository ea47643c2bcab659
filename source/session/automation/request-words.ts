/** Words that could come next in what an operator asks for: what tab completes. Pure. */
import { knobNames, knobs } from '../../config/knobs.ts';
import { type AutomationWord, wishWords } from './requests.ts';

const takesValue: ReadonlySet<string> = new Set(['from', 'cap', 'max-time', 'repeats', 'seed', 'step', 'for']);
/** Words of a sine and of bursts before their time. */
const shapeWords = { sine: 4, bursts: 5 } as const;

/** After the command's `words`; values that nobody can guess are left out. */
export function wordsAfter(command: AutomationWord, words: readonly string[]): readonly string[] {
  if (takesValue.has(words.at(-1) ?? '')) return [];
  return offered(command, words).filter((word) => !words.includes(word));
}

function offered(command: AutomationWord, words: readonly string[]): readonly string[] {
  switch (command) {
    case 'find':
      if (words.includes('resume')) return [];
      return words.length === 0 ? wishWords.find : wishWords.find.filter((word) => word !== 'resume');
    case 'hold':
      return wishWords.hold;
    case 'ramp':
      return rampWords(words);
    case 'soak':
      return [['80%'], ['30m']][words.length] ?? [];
    case 'sweep':
      return sweepWords(words);
  }
}

function rampWords(words: readonly string[]): readonly string[] {
  const [shape] = words;
  if (shape === undefined) return ['sine', 'bursts'];
  if (shape === 'sine' || shape === 'bursts') return words.length === shapeWords[shape] ? ['for'] : [];
  return words.length >= 3 ? ['step', 'geometric'] : [];
}

/** Each knob once, as it is swept. */
function sweepWords(words: readonly string[]): readonly string[] {
  if (words.includes('find')) return wishWords.sweep;
  const flags = knobNames.map((name) => `${knobs[name].flag}=`);
  const left = flags.filter((flag) => !words.some((word) => word.startsWith(flag)));
  return left.length === flags.length ? left : ['repeats', 'seed', 'find', ...left];
}
