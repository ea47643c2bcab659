/** A session document as JSON text that people can read and `grep`: one row of a list to a line. */
import type { SessionDocument } from '../session/document-schema.ts';

/** Lists whose rows stand on one line each, however long. Everything else is indented where it is wider than a line. */
const rowLists = [
  'epochs',
  'intervals',
  'hdrWindows',
  'lag',
  'events',
  'hints',
  'errors',
  'slos',
  'searches',
  'sweeps',
] as const;

const columns = 100;

const isRowList = (key: string): boolean => (rowLists as readonly string[]).includes(key);

/** The text in pieces, so that a long run needs no second copy of itself in memory. Ends with a line feed. */
export function* snapshotText(document: SessionDocument): Generator<string> {
  let separator = '{\n';
  for (const [key, value] of Object.entries(document)) {
    yield `${separator}  ${JSON.stringify(key)}: `;
    separator = ',\n';
    if (isRowList(key) && Array.isArray(value)) yield* rows(value);
    else yield indented(value, '  ');
  }
  yield '\n}\n';
}

function* rows(list: readonly unknown[]): Generator<string> {
  if (list.length === 0) {
    yield '[]';
    return;
  }
  let separator = '[\n    ';
  for (const row of list) {
    yield `${separator}${JSON.stringify(row)}`;
    separator = ',\n    ';
  }
  yield '\n  ]';
}

/** JSON on one line where it fits, else one member a line. */
function indented(value: unknown, margin: string): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || line.length + margin.length <= columns) return line;
  const inner = `${margin}  `;
  const list = Array.isArray(value);
  const members = list
    ? value.map((member) => indented(member, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => `${JSON.stringify(key)}: ${indented(member, inner)}`);
  const [open, close] = list ? ['[', ']'] : ['{', '}'];
  return `${open}\n${inner}${members.join(`,\n${inner}`)}\n${margin}${close}`;
}
