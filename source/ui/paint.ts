/** Colours and attributes. Only foreground colours of the terminal's own palette: they suit light and dark alike. */

export type Role = 'plain' | 'accent' | 'second' | 'good' | 'warn' | 'bad' | 'dim' | 'bold' | 'reverse';
export type Paint = (role: Role, text: string) => string;

interface Theme {
  readonly accent: number;
  readonly second: number;
  readonly good: number;
  readonly warn: number;
  readonly bad: number;
}

const sgrStart = '\u001B[';

/** SGR colour numbers; `mono` has none. */
const themes = {
  default: { accent: 36, second: 34, good: 32, warn: 33, bad: 31 },
  blue: { accent: 34, second: 36, good: 32, warn: 33, bad: 31 },
  magenta: { accent: 35, second: 36, good: 32, warn: 33, bad: 31 },
  bright: { accent: 96, second: 94, good: 92, warn: 93, bad: 91 },
  mono: null,
} as const satisfies Readonly<Record<string, Theme | null>>;

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as readonly ThemeName[];

export function isThemeName(name: string): name is ThemeName {
  return Object.hasOwn(themes, name);
}

function around(open: number, close: number): (text: string) => string {
  return (text) => `${sgrStart}${open}m${text}${sgrStart}${close}m`;
}

const dim = around(2, 22);
const bold = around(1, 22);
const reverse = around(7, 27);

/** A painter of a theme. Without `color` there are no colour codes at all; bold, dim and reverse stay. */
export function createPaint(theme: ThemeName, color: boolean): Paint {
  const colors: Theme | null = color ? themes[theme] : null;
  return (role, text) => {
    if (text === '') {
      return text;
    }
    switch (role) {
      case 'plain':
        return text;
      case 'dim':
        return dim(text);
      case 'bold':
        return bold(text);
      case 'reverse':
        return reverse(text);
      case 'accent':
      case 'second':
      case 'good':
      case 'warn':
      case 'bad':
        return colors === null ? withoutColor(role, text) : around(colors[role], 39)(text);
    }
  };
}

/** What stands out by colour stands out by weight where there is none. */
function withoutColor(role: 'accent' | 'second' | 'good' | 'warn' | 'bad', text: string): string {
  return role === 'accent' || role === 'bad' ? bold(text) : text;
}
