import { describe, expect, it } from 'vitest';
import type { ShownPercentile } from '../../source/session/view.ts';
import { clockText, orDash, percentileText } from '../../source/ui/format.ts';

describe('orDash', () => {
  it('writes a dash where there is no figure', () => {
    expect(orDash(null, String)).toBe('—');
    expect(orDash(0, String)).toBe('0');
  });
});

describe('clockText', () => {
  it('is the local time of day', () => {
    expect(clockText(new Date(2026, 10, 21, 9, 4, 31, 999).getTime())).toBe('09:04:31');
  });
});

describe('percentiles', () => {
  it.each<[ShownPercentile, string, string]>([
    [{ valueMs: 12.7, windowS: 10, atLeast: false }, '12.7', '(10 s)'],
    [{ valueMs: 12.7, windowS: 1, atLeast: true }, '>12.7', ''],
    [{ valueMs: null, windowS: 60, atLeast: true }, '—', ''],
  ])('%j is "%s" of "%s": the window is named unless it is one second', (shown, value, window) => {
    expect(percentileText(shown)).toEqual({ value, window });
  });
});
