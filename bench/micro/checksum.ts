/** CRC-32C over whole batches: what a consumer checks. */
import { randomFillSync } from 'node:crypto';
import { crc32c } from '../../source/clients/wire/crc32c.ts';
import type { Bench } from '../bench.ts';
import { rate } from '../figures.ts';
import { nsPerUnit } from '../support/repeat.ts';

const batchBytes = 65_536;

export const checksumBench: Bench = {
  name: 'micro.checksum',
  needs: 'nothing',
  timeoutMs: 20_000,
  run: ({ pace }) => {
    const bytes = randomFillSync(Buffer.alloc(batchBytes));
    const view = new DataView(bytes.buffer, bytes.byteOffset, batchBytes);
    const nsPerByte = nsPerUnit(pace, () => {
      crc32c(view, 0, batchBytes);
      return batchBytes;
    });
    return [
      rate(
        'CRC-32C of 64 KiB',
        'MB/s',
        nsPerByte.map((ns) => 1e3 / ns),
      ),
    ];
  },
};
