/** How figures read in lines and summaries: three significant digits, binary sizes, a dash where there is none. */

/** Three significant digits, without exponent: `0.012`, `0.99`, `12.7`, `4,810`. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.0995) return value.toFixed(3);
  if (size < 9.995) return value.toFixed(2);
  if (size < 99.95) return value.toFixed(1);
  return wholeNumber(value);
}

/** `12,604,112`. */
export function wholeNumber(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `500/s`, `50.0 k/s`, `1.20 M/s`; null: `max`. */
export function rateText(perSecond: number | null): string {
  if (perSecond === null) return 'max';
  const units = ['/s', ' k/s', ' M/s', ' G/s'] as const;
  let rest = perSecond;
  let power = 0;
  while (rest >= 999.5 && power < units.length - 1) {
    rest /= 1000;
    power++;
  }
  return `${threeDigits(rest)}${units[power] ?? ''}`;
}

/** Milliseconds without their unit: `3.97`, `12.7`, `4,810`; null: `-`. */
export function msText(ms: number | null): string {
  return ms === null ? '-' : threeDigits(ms);
}

/** `4.77`: MiB. */
export function mebibytes(bytes: number): string {
  return threeDigits(bytes / 1_048_576);
}

/** A stopwatch, full seconds: `01:42`, `1:01:42`. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest;
}

/** `42 s`, `4 min 12 s`, `2 h 5 min`. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

/** `100.0 %` of a fraction; never rounded up to a figure that was not reached. */
export function percentText(fraction: number): string {
  return `${(Math.floor(fraction * 1000 + 1e-9) / 10).toFixed(1)} %`;
}

/** `1 broker`, `3 brokers`. */
export function plural(count: number, noun: string): string {
  return `${wholeNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Cuts text to a width and ends it with dots where something is gone. */
export function fitted(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 3))}...`;
}

/** Signs that a terminal without Unicode cannot show, spelled in ASCII. */
export function asciiOnly(text: string): string {
  const twins: Record<string, string> = { '×': 'x', '→': '->', '–': '-', '—': '-', '…': '...', '≤': '<=', '≥': '>=' };
  return text.replaceAll(/[^\n\r\t\x20-\x7e]/g, (sign) => twins[sign] ?? '?');
}
