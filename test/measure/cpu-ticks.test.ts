import { expect, it } from 'vitest';
import { parseCpuTicks } from '../../source/measure/cpu-ticks.ts';

it.each([
  ['cpu  586795 5818 146793 1561281 15916 0 28757 22871 0 0\ncpu0 1 2 3 4 5 6 7 8 9 9\n', 22871, 2368231],
  ['cpu  10 0 10 80 0 0 0 25 7 3\n', 25, 125],
  ['cpu  10 0 10 80\n', 0, 100],
])('%j', (text, stolen, total) => {
  expect(parseCpuTicks(text)).toEqual({ stolen, total });
});

it('says nothing where there is nothing of it', () => {
  expect(parseCpuTicks('intr 1 2 3\n')).toBeNull();
});
