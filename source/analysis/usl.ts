/**
 * The Universal Scalability Law (Gunther): throughput at concurrency N is X(N) = λN / (1 + σ(N − 1) + κN(N − 1)), λ the rate
 * of one alone, σ contention, κ coherency. With Little's law N = X·R̄, so R̄(N) = (1 + σ(N − 1) + κN(N − 1)) / λ, which is
 * linear in 1/λ, σ/λ and κ/λ: fitted there by least squares. (A fit on X would be judged by N = X·R̄ against itself.) Pure.
 */
import { leastSquares } from './least-squares.ts';
import { type CurvePoint, risingCurve } from './rate-curve.ts';

export interface UslFit {
  /** λ, messages per second. */
  readonly singleHz: number;
  readonly sigma: number;
  readonly kappa: number;
  /** Of R̄ against N, 1 at best. */
  readonly rSquared: number;
  /** Where throughput is highest; null: not within the concurrencies tested. */
  readonly peak: { readonly concurrency: number; readonly rateHz: number } | null;
}

export const fewestUslPoints = 6;

/** With σ, κ ≥ 0. null: fewer than 6 rates, or a response that does not change. */
export function fitUsl(points: readonly CurvePoint[]): UslFit | null {
  const curve = risingCurve(points);
  if (curve.length < fewestUslPoints) return null;
  const seconds = curve.map(({ meanMs }) => meanMs / 1000);
  const concurrencies = curve.map(({ rateHz }, at) => rateHz * (seconds[at] ?? 0));
  const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
  const spread = seconds.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (spread === 0) return null;
  const best = bestOf(concurrencies, seconds);
  if (best === null) return null;
  const singleHz = 1 / best.base;
  const sigma = best.contention * singleHz;
  const kappa = best.coherency * singleHz;
  return {
    singleHz,
    sigma,
    kappa,
    rSquared: 1 - best.residual / spread,
    peak: peakOf({ singleHz, sigma, kappa }, Math.min(...concurrencies), Math.max(...concurrencies)),
  };
}

interface Coefficients {
  readonly base: number;
  readonly contention: number;
  readonly coherency: number;
  /** Sum of squares that is left. */
  readonly residual: number;
}

/** With two bounds the best fit within them is the best of those that set none, one or both to 0 and keep to the rest: the mean alone always does. */
function bestOf(concurrencies: readonly number[], seconds: readonly number[]): Coefficients | null {
  const one = concurrencies.map(() => 1);
  const contending = concurrencies.map((n) => n - 1);
  const crosstalk = concurrencies.map((n) => n * (n - 1));
  let best: Coefficients | null = null;
  for (const [withContention, withCoherency] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    const columns = [one, ...(withContention ? [contending] : []), ...(withCoherency ? [crosstalk] : [])];
    const fit = leastSquares(columns, seconds);
    if (fit === null) continue;
    const [base = 0, ...rest] = fit.coefficients;
    const contention = withContention ? (rest[0] ?? 0) : 0;
    const coherency = withCoherency ? (rest.at(-1) ?? 0) : 0;
    if (base <= 0 || contention < 0 || coherency < 0) continue;
    if (best === null || fit.residual < best.residual) best = { base, contention, coherency, residual: fit.residual };
  }
  return best;
}

/** At N = √((1 − σ)/κ). */
function peakOf(
  { singleHz, sigma, kappa }: Pick<UslFit, 'singleHz' | 'sigma' | 'kappa'>,
  lowest: number,
  highest: number,
): UslFit['peak'] {
  if (kappa <= 0 || sigma >= 1) return null;
  const concurrency = Math.sqrt((1 - sigma) / kappa);
  if (concurrency < lowest || concurrency > highest) return null;
  const rateHz = (singleHz * concurrency) / (1 + (sigma + kappa * concurrency) * (concurrency - 1));
  return { concurrency, rateHz };
}
