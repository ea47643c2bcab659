/** Figures of the machine and of this process, one sample a second. */
export interface HostSample {
  readonly timeMs: number;
  /** 100 = all cores. */
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  readonly networkRxBytesRate: number | null;
  readonly networkTxBytesRate: number | null;
  readonly diskReadBytesRate: number | null;
  readonly diskWriteBytesRate: number | null;
  /** This process, all its threads; 100 = one core. */
  readonly processCpuPercent: number | null;
  readonly processRssBytes: number | null;
}
