import { expect, test } from 'vitest';
import { parseDiskstats, parseMeminfo, parseNetDev } from '../../source/measure/host-reading.ts';

test('memory in use is what is not available', () => {
  const text = 'MemTotal:       24684084 kB\nMemFree:        23077912 kB\nMemAvailable:   23554304 kB\n';
  expect(parseMeminfo(text)).toBe((24_684_084 - 23_554_304) * 1024);
  expect(parseMeminfo('MemTotal: 5 kB\n')).toBeNull();
});

test('all interfaces are added, a name close to its number included', () => {
  const text = `Inter-|   Receive                            |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 7171916    3435    0    0    0     0          0         0  7171916    3435    0    0    0     0       0          0
  eth0:482541937   13712    0    0    0     0          0         0  1360567    9203    0    0    0     0       0          0
`;
  expect(parseNetDev(text)).toEqual({ networkRxBytes: 489_713_853, networkTxBytes: 8_532_483 });
  expect(parseNetDev('')).toEqual({ networkRxBytes: null, networkTxBytes: null });
});

test('whole disks are added, their partitions are not', () => {
  const text = ` 254       0 vda 136159 27628 5823394 80121 113933 41361 3415264 19233 0 20516 102869
 254       1 vda1 136000 27628 5823000 80121 113933 41361 3415000 19233 0 20516 102869
 259       0 nvme0n1 10 0 8 1 20 0 16 1 0 2 3
`;
  const disks = new Set(['vda', 'nvme0n1']);
  expect(parseDiskstats(text, disks)).toEqual({
    diskReadBytes: (5_823_394 + 8) * 512,
    diskWriteBytes: (3_415_264 + 16) * 512,
  });
  expect(parseDiskstats(text, new Set())).toEqual({ diskReadBytes: null, diskWriteBytes: null });
});
