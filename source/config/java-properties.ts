/**
 * The file format of java.util.Properties, as `Properties.load` reads it: comments, separators, continued lines, escapes.
 * Kafka's own tools read their files so; like theirs, bytes are ISO 8859-1, and other characters are written \uXXXX.
 */
import { usageError } from '../errors.ts';

export interface Property {
  readonly name: string;
  readonly value: string;
  /** Line of the name; starts at 1. */
  readonly line: number;
  readonly column: number;
}

/** Only these are white space to Java here. */
const blanks = ' \t\f';
const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** The properties in their order, one that is said twice as often. Throws with file, line and column on a broken \u escape. */
export function parseJavaProperties(bytes: Uint8Array, file: string): readonly Property[] {
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n|\r|\n/);
  const properties: Property[] = [];
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index] ?? '';
    const line = index + 1;
    const indent = indentOf(first);
    let text = first.slice(indent);
    if (text === '' || text.startsWith('#') || text.startsWith('!')) continue;
    // A comment or an empty line that continues another is none.
    while (endsOddly(text)) {
      const next = lines[++index];
      text = text.slice(0, -1) + (next === undefined ? '' : next.slice(indentOf(next)));
    }
    const at = { file, line, column: indent + 1 };
    const { name, value } = split(text);
    properties.push({ name: unescaped(name, at), value: unescaped(value, at), line, column: at.column });
  }
  return properties;
}

function indentOf(line: string): number {
  let at = 0;
  while (at < line.length && blanks.includes(line.charAt(at))) at++;
  return at;
}

/** The last of an odd number of backslashes at its end stands for the line's end. */
function endsOddly(line: string): boolean {
  return (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
}

/** The name ends at the first blank, `=` or `:` without a backslash before it; of the latter two one is skipped. */
function split(text: string): { readonly name: string; readonly value: string } {
  let end = 0;
  while (end < text.length && !`${blanks}=:`.includes(text.charAt(end))) end += text.charAt(end) === '\\' ? 2 : 1;
  const name = text.slice(0, end);
  const rest = text.slice(end);
  const value = rest.slice(indentOf(rest));
  const marked = value.startsWith('=') || value.startsWith(':') ? value.slice(1) : value;
  return { name, value: marked.slice(indentOf(marked)) };
}

function unescaped(
  text: string,
  at: { readonly file: string; readonly line: number; readonly column: number },
): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S]?)/g, (_, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    if (escaped === 'u')
      throw usageError('\\u is not followed by four hexadecimal digits', 'Write \\\\ for a backslash.', at);
    return escapes[escaped] ?? escaped;
  });
}

/** One line of a file of that format, escaped no more than need be. `name`: a plain word. */
export function javaPropertyLine(name: string, value: string): string {
  const escaped = value
    .replace(/^ |\\/g, '\\$&')
    .replace(/[\t\n\r\f]/g, (sign) => unescapes[sign] ?? sign)
    .replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${name}=${escaped}\n`;
}

const unescapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' };
