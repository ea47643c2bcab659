import { expect, test } from 'vitest';
import { compareReadings, HostSampler, hostFacts } from '../../source/measure/host.ts';
import type { HostReading } from '../../source/measure/host-reading.ts';

const first: HostReading = {
  timeMs: 1_000,
  monotonicMs: 50,
  cpuBusyMs: 100,
  cpuTotalMs: 1_000,
  cpuStolenTicks: 7,
  cpuTicks: 100,
  memoryBytes: 4_096,
  networkRxBytes: 1_000,
  networkTxBytes: 2_000,
  diskReadBytes: 0,
  diskWriteBytes: 500,
  processCpuMs: 10,
  processRssBytes: 99,
};
const second: HostReading = {
  ...first,
  timeMs: 3_000,
  monotonicMs: 2_050,
  cpuBusyMs: 1_100,
  cpuTotalMs: 5_000,
  cpuStolenTicks: 27,
  cpuTicks: 500,
  networkRxBytes: 5_000,
  diskWriteBytes: 700,
  processCpuMs: 3_010,
};

test('the first sample has gauges and no rates', () => {
  expect(compareReadings(null, first)).toMatchObject({
    timeMs: 1_000,
    cpuPercent: null,
    cpuStolenPercent: null,
    memoryBytes: 4_096,
    networkRxBytesRate: null,
    processCpuPercent: null,
    processRssBytes: 99,
  });
});

test('rates are differences by time', () => {
  expect(compareReadings(first, second)).toEqual({
    timeMs: 3_000,
    cpuPercent: 25,
    cpuStolenPercent: 5,
    memoryBytes: 4_096,
    networkRxBytesRate: 2_000,
    networkTxBytesRate: 0,
    diskReadBytesRate: 0,
    diskWriteBytesRate: 100,
    processCpuPercent: 150,
    processRssBytes: 99,
  });
});

test('what the platform does not give, or takes back, is null', () => {
  const poor = { ...second, cpuBusyMs: null, cpuTicks: null, networkRxBytes: null, diskWriteBytes: 100 };
  expect(compareReadings(first, poor)).toMatchObject({
    cpuPercent: null,
    cpuStolenPercent: null,
    networkRxBytesRate: null,
    networkTxBytesRate: 0,
    diskWriteBytesRate: null,
  });
});

test('two readings of the same moment give no rate', () => {
  expect(compareReadings(first, { ...second, monotonicMs: first.monotonicMs }).networkRxBytesRate).toBeNull();
});

test('the sampler compares each reading with the one before', async () => {
  const readings = [first, second, { ...second, monotonicMs: 3_050, networkRxBytes: 5_500 }];
  const sampler = new HostSampler(async () => readings.shift() ?? second);
  const samples = [await sampler.sample(), await sampler.sample(), await sampler.sample()];
  expect(samples.map(({ networkRxBytesRate }) => networkRxBytesRate)).toEqual([null, 2_000, 500]);
});

test('this machine can be sampled', async () => {
  const sample = await new HostSampler().sample();
  expect(sample.processRssBytes).toBeGreaterThan(1_000_000);
  expect(sample.memoryBytes).toBeGreaterThan(1_000_000);
  expect(hostFacts().cpus).toBeGreaterThanOrEqual(1);
  expect(hostFacts().memoryBytes).toBeGreaterThan(1_000_000);
});
