/** The standard normal distribution. Pure. */

/**
 * Φ(z), to 1.2e-7 at worst: the complementary error function's Chebyshev fit of Numerical Recipes (erfcc), whose relative
 * error holds in the tails too, where p-values are read.
 */
export function normalCdf(z: number): number {
  const half = complementaryError(Math.abs(z) / Math.SQRT2) / 2;
  return z > 0 ? 1 - half : half;
}

/** 1 − Φ(z), exact in the upper tail. */
export function normalTail(z: number): number {
  return normalCdf(-z);
}

const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** erfc(x) for x ≥ 0. */
function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2);
  const sum = coefficients.reduceRight((rest, coefficient) => coefficient + t * rest, 0);
  return t * Math.exp(-x * x + sum);
}
