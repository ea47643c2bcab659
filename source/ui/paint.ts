/**
 * Colours and attributes, by theme. Foreground only: nothing is painted on a background of ours, and what a colour tells a
 * word or a sign tells too.
 */
import type { ThemeName } from '../config/themes.ts';

export type Role = 'plain' | 'accent' | 'second' | 'good' | 'warn' | 'bad' | 'dim' | 'bold' | 'reverse';
export type Paint = (role: Role, text: string) => string;

/** SGR parameters that begin and end a style; null: nothing is done. */
type Style = readonly [open: string, close: string] | null;
type Theme = Readonly<Record<Exclude<Role, 'plain' | 'bold' | 'reverse'>, Style>>;

const sgrStart = '\u001B[';
const faint: Style = ['2', '22'];
const bold: Style = ['1', '22'];
const reverse: Style = ['7', '27'];

/** Colours of the terminal's own palette, which its owner has chosen to suit its background. */
function palette(accent: number, second: number, good: number, warn: number, bad: number): Theme {
  const of = (color: number): Style => [String(color), '39'];
  return { accent: of(accent), second: of(second), good: of(good), warn: of(warn), bad: of(bad), dim: faint };
}

/** Colours 16 … 255 of xterm's table, which are the same everywhere: for a background that is known. */
function fixed(accent: number, second: number, good: number, warn: number, bad: number, dim: number): Theme {
  const of = (color: number): Style => [`38;5;${color}`, '39'];
  return { accent: of(accent), second: of(second), good: of(good), warn: of(warn), bad: of(bad), dim: of(dim) };
}

const ansi16 = palette(36, 34, 32, 33, 31);
/** What stands out by colour stands out by weight where there is none. */
const mono: Theme = { accent: bold, second: null, good: null, warn: null, bad: bold, dim: faint };

const themes: Readonly<Record<ThemeName, Theme>> = {
  default: ansi16,
  dark: fixed(80, 111, 114, 221, 210, 246),
  light: fixed(25, 90, 22, 94, 124, 241),
  // The terminal's own foreground on its own background, and nothing faint.
  'high-contrast': { accent: bold, second: null, good: bold, warn: ['1;4', '22;24'], bad: ['1;7', '22;27'], dim: null },
  ansi16,
  blue: palette(34, 36, 32, 33, 31),
  magenta: palette(35, 36, 32, 33, 31),
  bright: palette(96, 94, 92, 93, 91),
  mono,
};

const colorless: readonly Theme[] = [mono, themes['high-contrast']];

/** A painter of a theme. Without `color` there are no colour codes at all; bold, dim and reverse stay. */
export function createPaint(theme: ThemeName, color: boolean): Paint {
  const chosen = themes[theme];
  const styles = color || colorless.includes(chosen) ? chosen : mono;
  const byRole: Readonly<Record<Role, Style>> = { ...styles, plain: null, bold, reverse };
  return (role, text) => {
    const style = byRole[role];
    return style === null || text === '' ? text : `${sgrStart}${style[0]}m${text}${sgrStart}${style[1]}m`;
  };
}
