import { describe, expect, it } from 'vitest';
import { available, isCi } from './requirement.ts';

const there = { name: 'tmux', present: () => true };
const notThere = { name: 'Java 17', present: () => false };

describe('available', () => {
  it('is true where everything is there', () => {
    expect(available('tests', [there], { CI: 'true' })).toBe(true);
  });

  it('says one line and leaves the tests out where something is missing', () => {
    const lines: string[] = [];
    expect(available('tests against a real Kafka', [there, notThere], {}, (line) => lines.push(line))).toBe(false);
    expect(lines).toEqual(['tests against a real Kafka need Java 17: left out here']);
  });

  it('is an error in CI', () => {
    expect(() => available('tests', [notThere], { CI: 'true' })).toThrow('tests need Java 17: CI must install it');
  });
});

describe('isCi', () => {
  it.each([
    [{}, false],
    [{ CI: '' }, false],
    [{ CI: 'false' }, false],
    [{ CI: 'true' }, true],
    [{ CI: '1' }, true],
  ])('%j → %s', (environment, expected) => {
    expect(isCi(environment)).toBe(expected);
  });
});
