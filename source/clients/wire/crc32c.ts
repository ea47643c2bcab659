/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), in the forms that patching needs. A `state` is the raw
 * register, as an int32, without the inversion at both ends.
 *
 * The register is linear in state and data: state after `bytes` = zeros(state, length) ^ state of `bytes` from 0.
 * So bytes that never change are hashed once, and later only moved past by the operator "append n zero bytes".
 */

const polynomial = 0x82f63b78;

/** `tables[k]`: the register after a byte and k zero bytes, by the byte ("slicing by 16", after Intel's "by 8" of 2006). */
const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = slicingTables();

function slicingTables() {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1;
    return c;
  });
  const next = (table: Int32Array) => table.map((c) => (first[c & 255] ?? 0) ^ (c >>> 8));
  const nextFour = (last: Int32Array) => {
    const one = next(last);
    const two = next(one);
    const three = next(two);
    return [one, two, three, next(three)] as const;
  };
  const second = next(first);
  const third = next(second);
  const fourth = next(third);
  const middle = nextFour(fourth);
  const later = nextFour(middle[3]);
  return [first, second, third, fourth, ...middle, ...later, ...nextFour(later[3])] as const;
}

/** The state after `view[start, end)`, coming from `state`. */
export function crcUpdate(state: number, view: DataView, start: number, end: number): number {
  let c = state | 0;
  let at = start;
  for (const last = end - 16; at <= last; at += 16) {
    c ^= view.getInt32(at, true);
    const d = view.getInt32(at + 4, true);
    const e = view.getInt32(at + 8, true);
    const f = view.getInt32(at + 12, true);
    c =
      (t15[c & 255] ?? 0) ^
      (t14[(c >>> 8) & 255] ?? 0) ^
      (t13[(c >>> 16) & 255] ?? 0) ^
      (t12[c >>> 24] ?? 0) ^
      (t11[d & 255] ?? 0) ^
      (t10[(d >>> 8) & 255] ?? 0) ^
      (t9[(d >>> 16) & 255] ?? 0) ^
      (t8[d >>> 24] ?? 0) ^
      (t7[e & 255] ?? 0) ^
      (t6[(e >>> 8) & 255] ?? 0) ^
      (t5[(e >>> 16) & 255] ?? 0) ^
      (t4[e >>> 24] ?? 0) ^
      (t3[f & 255] ?? 0) ^
      (t2[(f >>> 8) & 255] ?? 0) ^
      (t1[(f >>> 16) & 255] ?? 0) ^
      (t0[f >>> 24] ?? 0);
  }
  // What a message patches is mostly shorter than two such steps.
  if (at <= end - 8) {
    c ^= view.getInt32(at, true);
    const d = view.getInt32(at + 4, true);
    c =
      (t7[c & 255] ?? 0) ^
      (t6[(c >>> 8) & 255] ?? 0) ^
      (t5[(c >>> 16) & 255] ?? 0) ^
      (t4[c >>> 24] ?? 0) ^
      (t3[d & 255] ?? 0) ^
      (t2[(d >>> 8) & 255] ?? 0) ^
      (t1[(d >>> 16) & 255] ?? 0) ^
      (t0[d >>> 24] ?? 0);
    at += 8;
  }
  for (; at < end; at++) c = (t0[(c ^ view.getUint8(at)) & 255] ?? 0) ^ (c >>> 8);
  return c;
}

/** The checksum of `view[start, end)`, unsigned, as it stands in a record batch. */
export function crc32c(view: DataView, start: number, end: number): number {
  return finishCrc(crcUpdate(initialCrc, view, start, end));
}

/** State before the first byte. */
export const initialCrc = -1;

/** The checksum that a state stands for, unsigned. */
export function finishCrc(state: number): number {
  return (state ^ -1) >>> 0;
}

/** What appending some number of zero bytes does to a state: 4 × 256 entries, one table for each byte of the state. */
export type ZeroOperator = Int32Array;

/** The state after as many zero bytes as the operator stands for. */
export function applyZeros(operator: ZeroOperator, state: number): number {
  return (
    (operator[state & 255] ?? 0) ^
    (operator[256 + ((state >>> 8) & 255)] ?? 0) ^
    (operator[512 + ((state >>> 16) & 255)] ?? 0) ^
    (operator[768 + (state >>> 24)] ?? 0)
  );
}

/** Operators for 1, 2, 4, 8 … zero bytes, made when first needed: 4 KiB each, at most 31. */
const powers: ZeroOperator[] = [operatorOf((state) => (t0[state & 255] ?? 0) ^ (state >>> 8))];

function power(exponent: number): ZeroOperator {
  return powers[exponent] ?? makePower(exponent);
}

/** Apart from `power`: a function that makes a closure makes room for what that closes over at each call. */
function makePower(exponent: number): ZeroOperator {
  const half = power(exponent - 1);
  const made = operatorOf((state) => applyZeros(half, applyZeros(half, state)));
  powers[exponent] = made;
  return made;
}

/** The state after `count` zero bytes, by the binary digits of `count`. */
export function appendZeros(state: number, count: number): number {
  let c = state | 0;
  for (let exponent = 0, left = count; left > 0; exponent++, left >>>= 1) {
    if (left & 1) c = applyZeros(power(exponent), c);
  }
  return c;
}

/** The state from 0 of bytes whose finished checksum is known: what the initial state does is taken out again. */
export function stateFromZero(finished: number, byteCount: number): number {
  return ~finished ^ appendZeros(initialCrc, byteCount);
}

/** The operator for `count` zero bytes, where it will be applied often. */
export function zeroOperator(count: number): ZeroOperator {
  return operatorOf((state) => appendZeros(state, count));
}

/** Tabulates a linear map of states from what it does to the 32 single bits. */
function operatorOf(map: (state: number) => number): ZeroOperator {
  const operator = new Int32Array(1024);
  for (let byte = 0; byte < 4; byte++) {
    for (let bit = 0; bit < 8; bit++) {
      const column = map(1 << (8 * byte + bit));
      const base = 256 * byte;
      // Every entry with this highest bit is the entry without it, plus the bit's column.
      for (let low = 0; low < 1 << bit; low++) operator[base + (1 << bit) + low] = (operator[base + low] ?? 0) ^ column;
    }
  }
  return operator;
}
