import { beforeEach, describe, expect, it } from 'vitest';
import type { KnobName, KnobValue } from '../../source/config/knobs.ts';
import type { ControlAnswer } from '../../source/session/view.ts';
import { AskedKnobs } from '../../source/ui/asked-knobs.ts';
import { fakeKnobs } from './fake-view.ts';

let nowMs = 0;
let answer: ControlAnswer = { kind: 'done', message: 'done' };
let set: [KnobName, KnobValue, boolean][] = [];
let asked: AskedKnobs;

beforeEach(() => {
  nowMs = 0;
  answer = { kind: 'done', message: 'done' };
  set = [];
  const setKnob = (name: KnobName, value: KnobValue, confirmed: boolean): ControlAnswer => {
    set.push([name, value, confirmed]);
    return answer;
  };
  asked = new AskedKnobs({ setKnob }, () => nowMs);
  asked.take(fakeKnobs());
});

describe('what was asked', () => {
  it('counts until the next picture', () => {
    asked.set('lingerMs', 10, false);
    expect(set).toEqual([['lingerMs', 10, false]]);
    expect(asked.current('lingerMs')).toBe(10);
    expect(asked.all.find(({ name }) => name === 'lingerMs')?.requested).toBe(10);
    expect(asked.step('lingerMs', 'up', false)).toEqual({ value: 20 });
    asked.take(fakeKnobs());
    expect(asked.current('lingerMs')).toBe(5);
  });

  it.each(['refused', 'confirm'] as const)('does not count where it was %s', (kind) => {
    answer = kind === 'refused' ? { kind, message: 'no' } : { kind, question: 'sure?' };
    expect(asked.set('lingerMs', 10, true)).toBe(answer);
    expect(asked.current('lingerMs')).toBe(5);
  });
});

describe('a step', () => {
  it('says why there is none', () => {
    expect(asked.step('producers', 'down', false)).toEqual({ value: 3 });
    asked.take(fakeKnobs({ producers: { requested: 1 } }));
    expect(asked.step('producers', 'down', false)).toEqual({ why: 'producers goes no further down' });
    asked.take(fakeKnobs({ rate: { requested: null } }));
    expect(asked.step('rate', 'up', false)).toEqual({ why: 'rate has no limit: type a value (⏎)' });
    asked.take([]);
    expect(asked.step('rate', 'up', false)).toEqual({ why: 'rate cannot be changed yet' });
  });

  it('comes at most four times a second upward, and always downward', () => {
    const up = () => asked.step('rate', 'up', false) !== null;
    expect([up(), up(), up(), up(), up()]).toEqual([true, true, true, true, false]);
    expect(asked.step('rate', 'down', false)).not.toBeNull();
    nowMs = 1001;
    expect(up()).toBe(true);
  });
});
