import { expect, it } from 'vitest';
import { leavesDoubt, verdictOn } from '../../../source/clients/wire/produce-errors.ts';

it.each([
  [0, 'acked', 'acked', false],
  [46, 'acked', 'acked', false],
  [45, 'sequence', 'fail', false],
  [47, 'sequence', 'fail', false],
  [59, 'sequence', 'fail', false],
  [3, 'refresh', 'refresh', false],
  [5, 'refresh', 'refresh', false],
  [6, 'refresh', 'refresh', false],
  [56, 'refresh', 'refresh', false],
  [74, 'refresh', 'refresh', false],
  [7, 'retry', 'retry', true],
  [19, 'retry', 'retry', false],
  [20, 'retry', 'retry', true],
  [10, 'fail', 'fail', false],
  [87, 'fail', 'fail', false],
  [-1, 'fail', 'fail', true],
] as const)('error %i: %s where idempotent, else %s; doubt: %s', (errorCode, idempotent, plain, doubt) => {
  expect(verdictOn(errorCode, true)).toBe(idempotent);
  expect(verdictOn(errorCode, false)).toBe(plain);
  expect(leavesDoubt(errorCode)).toBe(doubt);
});
