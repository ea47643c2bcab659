/**
 * Raw counters of the machine. On Linux they are read from /proc: systeminformation starts up to a dozen processes for
 * the same (measured: 650 ms for its first networkStats), which a load generator must not do once a second. Elsewhere it
 * is asked for what Node itself does not know.
 */
import { readdir, readFile } from 'node:fs/promises';
import { cpus, platform } from 'node:os';
import { parseCpuTicks } from './cpu-ticks.ts';

/** Counters since some beginning, and two gauges (memory). null: this platform does not say. */
export interface HostReading {
  /** Unix ms. */
  readonly timeMs: number;
  readonly monotonicMs: number;
  readonly cpuBusyMs: number | null;
  readonly cpuTotalMs: number | null;
  /** What the host of a virtual machine gave to others, and all there is, in the kernel's ticks. */
  readonly cpuStolenTicks: number | null;
  readonly cpuTicks: number | null;
  /** In use, caches that can be given back not counted. */
  readonly memoryBytes: number | null;
  readonly networkRxBytes: number | null;
  readonly networkTxBytes: number | null;
  readonly diskReadBytes: number | null;
  readonly diskWriteBytes: number | null;
  readonly processCpuMs: number | null;
  readonly processRssBytes: number | null;
}

interface Cpu {
  readonly cpuStolenTicks: number | null;
  readonly cpuTicks: number | null;
}

interface Network {
  readonly networkRxBytes: number | null;
  readonly networkTxBytes: number | null;
}

interface Disk {
  readonly diskReadBytes: number | null;
  readonly diskWriteBytes: number | null;
}

const noCpu: Cpu = { cpuStolenTicks: null, cpuTicks: null };
const noNetwork: Network = { networkRxBytes: null, networkTxBytes: null };
const noDisk: Disk = { diskReadBytes: null, diskWriteBytes: null };

export async function readHost(): Promise<HostReading> {
  const [cpu, memoryBytes, network, disk] = await (platform() === 'linux' ? readLinux() : readElsewhere());
  const { user, system } = process.cpuUsage();
  return {
    timeMs: Date.now(),
    monotonicMs: performance.now(),
    ...readCpu(),
    ...cpu,
    memoryBytes,
    ...network,
    ...disk,
    processCpuMs: (user + system) / 1000,
    processRssBytes: process.memoryUsage.rss(),
  };
}

function readCpu(): { cpuBusyMs: number | null; cpuTotalMs: number | null } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busy += used;
    total += used + times.idle;
  }
  return total === 0 ? { cpuBusyMs: null, cpuTotalMs: null } : { cpuBusyMs: busy, cpuTotalMs: total };
}

async function readLinux(): Promise<[Cpu, number | null, Network, Disk]> {
  const [stat, memory, network, disks, names] = await Promise.all([
    textOf('/proc/stat'),
    textOf('/proc/meminfo'),
    textOf('/proc/net/dev'),
    textOf('/proc/diskstats'),
    wholeDisks(),
  ]);
  const ticks = stat === null ? null : parseCpuTicks(stat);
  return [
    ticks === null ? noCpu : { cpuStolenTicks: ticks.stolen, cpuTicks: ticks.total },
    memory === null ? null : parseMeminfo(memory),
    network === null ? noNetwork : parseNetDev(network),
    disks === null ? noDisk : parseDiskstats(disks, names),
  ];
}

/** null where a container or another kernel has no such file. */
async function textOf(path: string): Promise<string | null> {
  return await readFile(path, 'latin1').catch(() => null);
}

/** Block devices that are not on top of other ones. */
async function wholeDisks(): Promise<ReadonlySet<string>> {
  const names = await readdir('/sys/block').catch(() => []);
  return new Set(names.filter((name) => !/^(loop|ram|zram|dm-|md|sr|fd)/.test(name)));
}

/** Bytes in use: all but what the kernel calls available. */
export function parseMeminfo(text: string): number | null {
  const field = (name: string) => /^\d+/.exec(text.split(`${name}:`)[1]?.trimStart() ?? '')?.[0];
  const total = field('MemTotal');
  const available = field('MemAvailable');
  return total === undefined || available === undefined ? null : (Number(total) - Number(available)) * 1024;
}

/** /proc/net/dev: after the interface's name and a colon, received bytes are the 1st and sent bytes the 9th number. */
export function parseNetDev(text: string): Network {
  let received = 0;
  let sent = 0;
  let seen = false;
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    const rx = Number(fields[0]);
    const tx = Number(fields[8]);
    if (!Number.isFinite(rx) || !Number.isFinite(tx)) continue;
    seen = true;
    received += rx;
    sent += tx;
  }
  return seen ? { networkRxBytes: received, networkTxBytes: sent } : noNetwork;
}

const sectorBytes = 512;

/** /proc/diskstats: device name is the 3rd field, sectors read the 6th, sectors written the 10th; a sector is 512 bytes. */
export function parseDiskstats(text: string, disks: ReadonlySet<string>): Disk {
  let read = 0;
  let written = 0;
  let seen = false;
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (!disks.has(fields[2] ?? '')) continue;
    seen = true;
    read += Number(fields[5]) * sectorBytes;
    written += Number(fields[9]) * sectorBytes;
  }
  return seen ? { diskReadBytes: read, diskWriteBytes: written } : noDisk;
}

async function readElsewhere(): Promise<[Cpu, number | null, Network, Disk]> {
  const { fsStats, mem, networkStats } = await import('systeminformation');
  const [memory, interfaces, disk] = await Promise.all([
    mem().catch(() => null),
    networkStats('*').catch(() => []),
    fsStats().catch(() => null),
  ]);
  const network =
    interfaces.length === 0
      ? noNetwork
      : {
          networkRxBytes: interfaces.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
          networkTxBytes: interfaces.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
        };
  return [
    noCpu,
    memory?.active ?? null,
    network,
    disk === null || disk === undefined ? noDisk : { diskReadBytes: disk.rx, diskWriteBytes: disk.wx },
  ];
}
