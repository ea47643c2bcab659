import { describe, expect, it } from 'vitest';
import { ProducerStates } from '../../../source/sandbox/log/producer-states.ts';
import { makeBatch } from '../support/batches.ts';

interface Step {
  readonly producerId?: number;
  readonly epoch?: number;
  readonly sequence: number;
  readonly records?: number;
}

const stored = 'new';
const gap = 45;
const fenced = 47;
const last = 2 ** 31 - 1;

/** `new`, the original base offset of a duplicate, or the error code as `e45`. */
function run(steps: readonly Step[]): (string | number)[] {
  const states = new ProducerStates();
  let offset = 0;
  return steps.map(({ producerId = 9, epoch = 0, sequence, records = 1 }) => {
    const batch = makeBatch({ producerId, epoch, sequence, records });
    const check = states.check(batch, 0);
    if (check.kind === 'duplicate') return check.baseOffset;
    if (check.kind === 'refused') return `e${check.errorCode}`;
    states.remember(batch, 0, offset);
    offset += records;
    return stored;
  });
}

const sequence = (value: number) => ({ sequence: value });

describe('ProducerStates', () => {
  it.each<[string, readonly Step[], readonly (string | number)[]]>([
    ['in order', [0, 1, 2].map(sequence), [stored, stored, stored]],
    ['by batches', [{ sequence: 0, records: 5 }, { sequence: 5, records: 2 }, sequence(7)], [stored, stored, stored]],
    ['a duplicate has its first offset', [{ sequence: 0, records: 5 }, sequence(5), sequence(5)], [stored, stored, 5]],
    [
      'other boundaries are no duplicate',
      [
        { sequence: 0, records: 5 },
        { sequence: 0, records: 4 },
      ],
      [stored, `e${gap}`],
    ],
    ['a gap', [sequence(0), sequence(2)], [stored, `e${gap}`]],
    ['five are remembered', [0, 1, 2, 3, 4, 5, 1].map(sequence), [...Array(6).fill(stored), 1]],
    ['the sixth is not', [0, 1, 2, 3, 4, 5, 0].map(sequence), [...Array(6).fill(stored), `e${gap}`]],
    ['an unknown producer begins anywhere', [sequence(17), sequence(18)], [stored, stored]],
    [
      'an old epoch',
      [
        { epoch: 2, sequence: 0 },
        { epoch: 1, sequence: 1 },
      ],
      [stored, `e${fenced}`],
    ],
    [
      'a new epoch begins at 0',
      [sequence(4), { epoch: 1, sequence: 5 }, { epoch: 1, sequence: 0 }],
      [stored, `e${gap}`, stored],
    ],
    ['sequences wrap', [sequence(last), sequence(0), sequence(1)], [stored, stored, stored]],
    ['a batch wraps', [{ sequence: last - 1, records: 3 }, sequence(1)], [stored, stored]],
    ['producers are apart', [sequence(0), { producerId: 8, sequence: 0 }, sequence(1)], [stored, stored, stored]],
    [
      'no producer id, no checks',
      [
        { producerId: -1, sequence: -1 },
        { producerId: -1, sequence: -1 },
      ],
      [stored, stored],
    ],
  ])('%s', (_, steps, expected) => {
    expect(run(steps)).toEqual(expected);
  });
});
