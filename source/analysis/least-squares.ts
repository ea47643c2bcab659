/** Linear least squares by Gram–Schmidt orthogonalisation (modified), for a few columns. Pure. */

export interface LeastSquares {
  /** One for each column. */
  readonly coefficients: readonly number[];
  /** Sum of squares that the columns leave unexplained. */
  readonly residual: number;
}

/** So small a rest of a column, of its own length, is what rounding leaves. */
const dependent = 1e-10;

/** `values` as a sum of multiples of columns that are as long; null: a column is a mixture of those before it. */
export function leastSquares(columns: readonly (readonly number[])[], values: readonly number[]): LeastSquares | null {
  const directions: number[][] = [];
  // Row k: column k in terms of the directions before it, and its length along its own.
  const triangle: number[][] = [];
  const rest = [...values];
  const along: number[] = [];
  for (const column of columns) {
    const left = [...column];
    const shares = directions.map((direction) => takeOut(left, direction));
    const length = Math.sqrt(dot(left, left));
    if (length <= dependent * Math.sqrt(dot(column, column))) return null;
    const direction = left.map((value) => value / length);
    directions.push(direction);
    triangle.push([...shares, length]);
    along.push(takeOut(rest, direction));
  }
  const coefficients = along.map(() => 0);
  for (let k = along.length - 1; k >= 0; k--) {
    let value = along[k] ?? 0;
    for (let later = k + 1; later < along.length; later++) {
      value -= (triangle[later]?.[k] ?? 0) * (coefficients[later] ?? 0);
    }
    coefficients[k] = value / (triangle[k]?.[k] ?? Number.NaN);
  }
  return { coefficients, residual: dot(rest, rest) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/** Takes the part along a direction of length 1 out of `vector`, and hands back how much it was. */
function takeOut(vector: number[], direction: readonly number[]): number {
  const share = dot(vector, direction);
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) - share * (direction[at] ?? 0);
  return share;
}
