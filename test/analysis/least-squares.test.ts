import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../source/analysis/least-squares.ts';

describe('leastSquares', () => {
  it('finds a line, and what it leaves', () => {
    // 1, 3, 2 at 0, 1, 2: mean 2, slope 0.5; left are −0.5, 1, −0.5.
    const fit = leastSquares(
      [
        [1, 1, 1],
        [0, 1, 2],
      ],
      [1, 3, 2],
    );
    expect(fit?.coefficients[0]).toBeCloseTo(1.5, 12);
    expect(fit?.coefficients[1]).toBeCloseTo(0.5, 12);
    expect(fit?.residual).toBeCloseTo(1.5, 12);
  });

  it('finds three coefficients of very different size', () => {
    const xs = [1, 10, 100, 1000, 10_000];
    const columns = [xs.map(() => 1), xs, xs.map((x) => x * x)];
    const [a, b, c] =
      leastSquares(
        columns,
        xs.map((x) => 3 + 0.02 * x + 1e-7 * x * x),
      )?.coefficients ?? [];
    expect(a).toBeCloseTo(3, 9);
    expect(b).toBeCloseTo(0.02, 11);
    expect((c ?? 0) / 1e-7).toBeCloseTo(1, 9);
  });

  it('refuses columns that say the same', () => {
    expect(
      leastSquares(
        [
          [1, 1, 1],
          [3, 3, 3],
        ],
        [1, 2, 3],
      ),
    ).toBeNull();
    expect(leastSquares([[0, 0]], [1, 2])).toBeNull();
  });
});
