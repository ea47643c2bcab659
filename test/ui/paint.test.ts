import { describe, expect, it } from 'vitest';
import { type ThemeName, themeNames } from '../../source/config/themes.ts';
import { createPaint, type Role } from '../../source/ui/paint.ts';

const roles: readonly Role[] = ['plain', 'accent', 'second', 'good', 'warn', 'bad', 'dim', 'bold', 'reverse'];
const esc = String.fromCharCode(27);

/** SGR parameters of a painted text, in order. */
function parameters(painted: string): readonly string[] {
  return [...painted.matchAll(new RegExp(`${esc}\\[([0-9;]*)m`, 'g'))].map((match) => match[1] ?? '');
}

/** Relative luminance of a colour 16 … 255 of xterm's table, after WCAG. */
function luminance(color: number): number {
  const cube = (level: number): number => (level === 0 ? 0 : 55 + level * 40);
  const place = color - 16;
  const gray = 8 + (color - 232) * 10;
  const rgb =
    color >= 232 ? [gray, gray, gray] : [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map(cube);
  return luminanceOf(rgb);
}

function luminanceOf(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

describe('every theme', () => {
  it.each(themeNames)('%s changes no character, ends what it begins, and sets no background', (theme) => {
    for (const role of roles) {
      const painted = createPaint(theme, true)(role, 'x y');
      expect(painted.replaceAll(new RegExp(`${esc}\\[[0-9;]*m`, 'g'), '')).toBe('x y');
      const [open = '', close = ''] = parameters(painted);
      expect(open === '').toBe(close === '');
      expect(open).not.toMatch(/(^|;)(4[0-9]|10[0-7])(;|$)/);
      expect(createPaint(theme, true)(role, '')).toBe('');
    }
  });

  it.each(themeNames)('%s has no colour codes without colour, and what stands out still does', (theme) => {
    const paint = createPaint(theme, false);
    for (const role of roles) expect(parameters(paint(role, 'x')).join(';')).not.toMatch(/(^|;)(3|9)[0-9]/);
    expect(paint('bad', 'x')).not.toBe('x');
    expect(paint('accent', 'x')).not.toBe('x');
  });
});

describe('colours for a background that is known', () => {
  const colorOf = (theme: ThemeName, role: Role): number =>
    Number(/^38;5;(\d+)$/.exec(parameters(createPaint(theme, true)(role, 'x'))[0] ?? '')?.[1]);

  it.each<[ThemeName, string, readonly number[]]>([
    ['dark', 'black', [0, 0, 0]],
    ['dark', 'a dark grey', [40, 40, 40]],
    ['light', 'white', [255, 255, 255]],
    ['light', 'cream', [253, 246, 227]],
  ])('%s is readable on %s: contrast 4.5 or more', (theme, _, background) => {
    for (const role of ['accent', 'second', 'good', 'warn', 'bad', 'dim'] as const) {
      expect(contrast(luminance(colorOf(theme, role)), luminanceOf(background)), role).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('reads the table right', () => {
    expect([16, 231, 196].map(luminance)).toEqual([0, 1, expect.closeTo(0.2126)]);
  });
});

describe('high contrast', () => {
  it('has nothing faint', () => {
    for (const role of roles) expect(parameters(createPaint('high-contrast', true)(role, 'x'))).not.toContain('2');
  });

  it('keeps verdicts apart', () => {
    const paint = createPaint('high-contrast', true);
    expect(new Set((['plain', 'good', 'warn', 'bad'] as const).map((role) => paint(role, 'x'))).size).toBe(4);
  });
});
