/** Names of the screen's themes; ui/paint.ts has their colours. */
import { usageError } from '../errors.ts';
import { didYouMean } from './nearest-name.ts';

export const themeNames = [
  'default',
  'dark',
  'light',
  'high-contrast',
  'ansi16',
  'blue',
  'magenta',
  'bright',
  'mono',
] as const;
export type ThemeName = (typeof themeNames)[number];

export function isThemeName(name: string): name is ThemeName {
  return themeNames.some((known) => known === name);
}

/** Throws where there is no such theme. */
export function readTheme(text: string): ThemeName {
  if (isThemeName(text)) return text;
  throw usageError(
    `there is no theme "${text}"`,
    didYouMean(text, themeNames, `The themes are ${themeNames.join(', ')}.`),
  );
}
