/** What only lines and summaries write. */
import { threeDigits } from '../session/figures-text.ts';

/** `4.77`: MiB, for a column that has the unit in its heading. */
export function mebibytes(bytes: number): string {
  return threeDigits(bytes / 1_048_576);
}

/** How long a run took: `42 s`, `4 min 12 s`, `2 h 5 min`. */
export function runTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

/** Signs that a terminal without Unicode cannot show, spelled in ASCII. */
export function asciiOnly(text: string): string {
  const twins: Record<string, string> = {
    '×': 'x',
    '→': '->',
    '–': '-',
    '—': '-',
    '…': '...',
    '≤': '<=',
    '≥': '>=',
    '−': '-',
    µ: 'u',
  };
  return text.replaceAll(/[^\n\r\t\x20-\x7e]/g, (sign) => twins[sign] ?? '?');
}
