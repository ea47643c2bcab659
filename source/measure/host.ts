/** Figures of the machine and of this process: counters read once a second, turned into shares and rates. */
import { arch, availableParallelism, platform, release, totalmem } from 'node:os';
import { type HostReading, readHost } from './host-reading.ts';

/** Figures of the machine and of this process, one sample a second. null where the platform gives nothing. */
export interface HostSample {
  readonly timeMs: number;
  /** 100 = all cores. */
  readonly cpuPercent: number | null;
  /** Of all CPU time and of this besides: what the host of this virtual machine gave to others while it was wanted here. */
  readonly cpuStolenPercent: number | null;
  readonly memoryBytes: number | null;
  /** All interfaces, loopback included: what goes to a broker on this machine counts as received and as sent. */
  readonly networkRxBytesRate: number | null;
  readonly networkTxBytesRate: number | null;
  /** Whole disks; partitions and volumes on top of them are not counted again. */
  readonly diskReadBytesRate: number | null;
  readonly diskWriteBytesRate: number | null;
  /** This process, all its threads; 100 = one core. */
  readonly processCpuPercent: number | null;
  readonly processRssBytes: number | null;
}

/** What does not change while a run lasts; `host` in the snapshot. */
export interface HostFacts {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** e.g. "linux x64". */
  readonly platform: string;
  readonly kernel: string;
}

export function hostFacts(): HostFacts {
  return {
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
    kernel: release(),
  };
}

/** Keeps the last reading; each sample is the difference to it. The first sample has no rates. */
export class HostSampler {
  readonly #read: () => Promise<HostReading>;
  #last: HostReading | null = null;

  constructor(read: () => Promise<HostReading> = readHost) {
    this.#read = read;
  }

  async sample(): Promise<HostSample> {
    const now = await this.#read();
    const sample = compareReadings(this.#last, now);
    this.#last = now;
    return sample;
  }
}

/** Rates are null without an earlier reading, where a counter is missing, and where one ran backwards (a device left). */
export function compareReadings(before: HostReading | null, now: HostReading): HostSample {
  const elapsedMs = before === null ? 0 : now.monotonicMs - before.monotonicMs;
  const rate = (counter: keyof HostReading): number | null => {
    const grown = growth(before?.[counter], now[counter]);
    return grown === null || elapsedMs <= 0 ? null : (grown / elapsedMs) * 1000;
  };
  const busy = growth(before?.cpuBusyMs, now.cpuBusyMs);
  const total = growth(before?.cpuTotalMs, now.cpuTotalMs);
  const stolen = growth(before?.cpuStolenTicks, now.cpuStolenTicks);
  const ticks = growth(before?.cpuTicks, now.cpuTicks);
  const processCpuMsRate = rate('processCpuMs');
  return {
    timeMs: now.timeMs,
    cpuPercent: percentOf(busy, total),
    cpuStolenPercent: percentOf(stolen, ticks),
    memoryBytes: now.memoryBytes,
    networkRxBytesRate: rate('networkRxBytes'),
    networkTxBytesRate: rate('networkTxBytes'),
    diskReadBytesRate: rate('diskReadBytes'),
    diskWriteBytesRate: rate('diskWriteBytes'),
    processCpuPercent: processCpuMsRate === null ? null : processCpuMsRate / 10,
    processRssBytes: now.processRssBytes,
  };
}

function percentOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole <= 0 ? null : Math.min(100, (part / whole) * 100);
}

function growth(before: number | null | undefined, now: number | null): number | null {
  if (before === null || before === undefined || now === null || now < before) return null;
  return now - before;
}
