import { expect, it } from 'vitest';
import { inLines } from '../../../source/config/security/pem.ts';

const long = 'A'.repeat(70);

it.each([
  [`-----BEGIN X-----\n${long}\n-----END X-----\n`, `-----BEGIN X-----\n${long}\n-----END X-----\n`],
  [`  -----BEGIN X----- ${long} -----END X----- `, `-----BEGIN X-----\n${'A'.repeat(64)}\nAAAAAA\n-----END X-----\n`],
  [
    '-----BEGIN X----- AB== -----END X----- -----BEGIN Y-----CD-----END Y-----',
    '-----BEGIN X-----\nAB==\n-----END X-----\n-----BEGIN Y-----\nCD\n-----END Y-----\n',
  ],
  [
    '-----BEGIN X-----\nAB== CD== -----END X-----\n-----BEGIN Y-----\r\nCD\r\n-----END Y-----\r\n',
    '-----BEGIN X-----\nAB==CD==\n-----END X-----\n-----BEGIN Y-----\r\nCD\r\n-----END Y-----\r\n',
  ],
  [
    '-----BEGIN X-----\nAB\n-----END X----- -----BEGIN Y----- CD -----END Y-----',
    '-----BEGIN X-----\nAB\n-----END X-----\n-----BEGIN Y-----\nCD\n-----END Y-----\n',
  ],
  ['Bag Attributes -----BEGIN X----- AB -----END X-----', 'Bag Attributes\n-----BEGIN X-----\nAB\n-----END X-----\n'],
  ['-----BEGIN X----- Proc-Type: 4,ENCRYPTED AB -----END X-----', null],
  ['-----BEGIN X----- AB -----END Y-----', null],
  ['no PEM', null],
])('%j', (text, lines) => {
  expect(inLines(text)).toBe(lines ?? text);
});
