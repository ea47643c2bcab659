/** Text from outside (files, brokers) made safe to print. */

/**
 * In one line, and without the control characters that a terminal obeys: white space among them becomes a space, the
 * others "?".
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => (/\s/.test(control) ? ' ' : '?'));
}
