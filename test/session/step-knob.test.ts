import { describe, expect, it } from 'vitest';
import { type KnobName, type KnobValue, knobs } from '../../source/config/knobs.ts';
import { allowStep, type StepHistory, stepKnob } from '../../source/session/step-knob.ts';

describe('stepKnob', () => {
  const cases: readonly (readonly [KnobName, KnobValue, 'up' | 'down', boolean, KnobValue])[] = [
    ['rate', 50_000, 'up', false, 55_000],
    ['rate', 50_000, 'down', false, 45_000],
    ['rate', 55_000, 'up', false, 61_000],
    ['rate', 1000, 'up', false, 1100],
    ['rate', 990, 'up', false, 1100],
    ['rate', 10, 'up', false, 11],
    ['rate', 10, 'down', false, 9],
    ['rate', 1, 'up', false, 1.1],
    ['rate', 50_000, 'up', true, 50_500],
    ['rate', 50_000, 'down', true, 49_500],
    ['rate', 10, 'up', true, 10.1],
    ['rate', 123_456, 'up', false, 140_000],
    ['rate', 1e9, 'up', false, 1e9],
    ['rate', 0.1, 'down', false, 0.1],
    ['rate', null, 'up', false, null],
    ['rate', null, 'down', false, null],
    ['batchSize', 16_384, 'up', false, 32_768],
    ['batchSize', 16_384, 'down', false, 8192],
    ['batchSize', 20_000, 'up', false, 32_768],
    ['batchSize', 20_000, 'down', false, 16_384],
    ['batchSize', 2 ** 20, 'up', false, 2 ** 21],
    ['batchSize', 2 ** 24, 'up', false, 2 ** 24],
    ['batchSize', 1024, 'down', false, 1024],
    ['batchSize', 200, 'down', false, 200],
    ['lingerMs', 0, 'up', false, 0.5],
    ['lingerMs', 0, 'down', false, 0],
    ['lingerMs', 5, 'up', false, 10],
    ['lingerMs', 7, 'down', false, 5],
    ['producers', 4, 'up', false, 6],
    ['producers', 1, 'down', false, 1],
    ['producers', 256, 'up', false, 512],
    ['consumers', 1, 'down', false, 1],
    ['consumers', 0, 'up', false, 1],
    ['messageSize', 100, 'up', false, 128],
    ['messageSize', 100, 'down', false, 64],
    ['acks', 1, 'up', false, 1],
    ['compression', 'none', 'down', false, 'none'],
  ];
  it.each(cases)('%s %s %s (fine %s) gives %s', (name, current, direction, fine, expected) => {
    expect(stepKnob(knobs[name], current, direction, fine)).toBe(expected);
  });

  it('always gets somewhere', () => {
    for (const fine of [false, true]) {
      for (let rate = 0.3; rate < 5e8; rate *= 1.37) {
        expect(stepKnob(knobs.rate, rate, 'up', fine)).toBeGreaterThan(rate);
        expect(stepKnob(knobs.rate, rate, 'down', fine)).toBeLessThan(rate);
      }
    }
  });
});

describe('allowStep', () => {
  it('lets four upward steps a second through', () => {
    let history: StepHistory = [];
    const allowed = [0, 10, 20, 30, 40, 999, 1001, 1005].map((timeMs) => {
      const answer = allowStep(history, 'up', timeMs);
      history = answer.history;
      return answer.allowed;
    });
    expect(allowed).toEqual([true, true, true, true, false, false, true, false]);
  });

  it('never limits going down', () => {
    let history: StepHistory = [1, 2, 3, 4];
    for (let timeMs = 5; timeMs < 50; timeMs++) {
      const answer = allowStep(history, 'down', timeMs);
      expect(answer.allowed).toBe(true);
      history = answer.history;
    }
    expect(history).toHaveLength(4);
  });
});
