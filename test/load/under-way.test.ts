import { describe, expect, it } from 'vitest';
import { UnderWay } from '../../source/load/under-way.ts';

describe('what is under way', () => {
  it('is counted over time', () => {
    const underWay = new UnderWay();
    expect(underWay.integralNs(50)).toBe(0);
    underWay.enter(10, 100);
    underWay.enter(5, 200);
    underWay.leave(10, 300);
    expect(underWay.messages).toBe(5);
    // 10 for 100, 15 for 100, 5 for 100.
    expect(underWay.integralNs(400)).toBe(3000);
    expect(underWay.integralNs(400)).toBe(3000);
  });

  it('makes up for what is told late', () => {
    const underWay = new UnderWay();
    underWay.enter(1, 0);
    expect(underWay.integralNs(100)).toBe(100);
    underWay.enter(2, 40);
    underWay.leave(1, 90);
    // 1 from 0 to 90, 2 from 40 to 100.
    expect(underWay.integralNs(100)).toBe(90 + 120);
  });
});
