import { expect, it } from 'vitest';
import { insidePipeline } from '../../source/session/inside-pipeline.ts';

it.each([
  ['neither read nor there to be read', { acked: 100, consumed: 60, duplicated: 0 }, 10, 30],
  ['a repeated message came out once', { acked: 100, consumed: 60, duplicated: 20 }, 10, 50],
  ['not known where nobody knows what is unread', { acked: 100, consumed: 60, duplicated: 0 }, null, null],
  ['never less than nothing: figures are of different moments', { acked: 100, consumed: 99, duplicated: 0 }, 5, 0],
])('%s', (_name, totals, lagMessages, inside) => {
  expect(insidePipeline((field) => totals[field], lagMessages)).toBe(inside);
});
