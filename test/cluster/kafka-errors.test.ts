import { expect, it } from 'vitest';
import { kafkaErrorText } from '../../source/cluster/kafka-errors.ts';

it.each([
  [41, undefined, 'NOT_CONTROLLER (41)'],
  [37, 'there are 6 already', 'INVALID_PARTITIONS (37): there are 6 already'],
  [37, '', 'INVALID_PARTITIONS (37)'],
  [37, null, 'INVALID_PARTITIONS (37)'],
  // Not CONNECTION_LOST, as a client's -1 is: a broker has answered.
  [-1, undefined, 'UNKNOWN_SERVER_ERROR (-1)'],
  [9999, undefined, 'ERROR_9999 (9999)'],
])('code %d with the broker’s words %j: %s', (code, words, text) => {
  expect(kafkaErrorText(code, words)).toBe(text);
});
