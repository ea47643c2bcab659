/**
 * The mouse, where it was asked for: reports of the terminal (SGR, xterm's mode 1006) become names among those of keys,
 * such as `click 12 5`, with column and row from 0.
 */

export type MouseAction =
  | { readonly kind: 'click'; readonly column: number; readonly row: number }
  /** 1: downwards. */
  | { readonly kind: 'wheel'; readonly delta: 1 | -1; readonly column: number; readonly row: number };

/** Presses and the wheel, each with its place; no motion. */
export const mouseOn = '\u001B[?1000h\u001B[?1006h';
export const mouseOff = '\u001B[?1006l\u001B[?1000l';

const report = /^\[?<(\d+);(\d+);(\d+)([Mm])$/;
/** As much of one as there may be before its end. Nobody types `[<` or `<` and a digit in one read. */
const begunReport = /^(?:\[<|<\d)[\d;]{0,16}$/;
/** The end of one that has begun, and what follows it. */
const reportEnd = /^([\d;]*[Mm])(.*)$/s;
/** Shift, alt and ctrl held meanwhile. */
const modifiers = 4 | 8 | 16;

/** Names of what a report says, without its leading escape; null: it is no report of a mouse. */
export function mouseNames(input: string): readonly string[] | null {
  const match = report.exec(input);
  if (match === null) return null;
  const [, button, column, row, end] = match;
  const place = `${Number(column) - 1} ${Number(row) - 1}`;
  if (end !== 'M') return [];
  switch (Number(button) & ~modifiers) {
    case 0:
      return [`click ${place}`];
    case 64:
      return [`wheel-up ${place}`];
    case 65:
      return [`wheel-down ${place}`];
    default:
      return [];
  }
}

/** Whether what came is a report without its end: slow lines bring it in pieces, and each comes as if it were typed. */
export function isBegunReport(input: string): boolean {
  return begunReport.test(input);
}

/** A report and what follows it, where `input` ends what was `begun`; null: it does not. */
export function endedReport(begun: string, input: string): { readonly report: string; readonly rest: string } | null {
  const [, end, rest] = reportEnd.exec(input) ?? [];
  return end === undefined || rest === undefined ? null : { report: begun + end, rest };
}

/** What a name means; null: it is a key's. */
export function mouseAction(name: string): MouseAction | null {
  const [kind, columnText, rowText] = name.split(' ');
  if (rowText === undefined) return null;
  const place = { column: Number(columnText), row: Number(rowText) };
  switch (kind) {
    case 'click':
      return { kind, ...place };
    case 'wheel-up':
      return { kind: 'wheel', delta: -1, ...place };
    case 'wheel-down':
      return { kind: 'wheel', delta: 1, ...place };
    default:
      return null;
  }
}
