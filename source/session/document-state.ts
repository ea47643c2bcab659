/** What a session knows when a document is made of it. Plain data: `buildDocument` turns it into a `SessionDocument`. */
import type { Histogram } from '../analysis/latency-summary.ts';
import type { KnobName, KnobValue } from '../config/knobs.ts';
import type { LatencyTag, Pacing, ResolvedPlan } from '../config/plan.ts';
import type {
  ClusterDocument,
  ErrorCount,
  HdrWindow,
  HostInfo,
  IntervalRow,
  LagSample,
  Search,
  SkewDocument,
  SloRow,
  ToolInfo,
  Verdict,
  WholeRun,
} from './document-schema.ts';
import type { Sweep } from './document-sweep-schema.ts';
import type { SessionEvent, Totals } from './view.ts';

/** One tag's recorded latencies. */
export interface LatencyState {
  /** Of ns; see `createLatencyHistogram`. */
  readonly histogram: Histogram;
  /** Figures that were kept without the histogram's rounding, ns. */
  readonly exact?: { readonly minNs: number; readonly maxNs: number; readonly sumNs: number };
}

export type LatencyStates = Readonly<Record<LatencyTag, LatencyState>>;

export interface EpochState {
  /** From 0. */
  readonly index: number;
  /** Unix ms at which it began. */
  readonly timeMs: number;
  readonly knobs: Readonly<Partial<Record<KnobName, { readonly requested: KnobValue; readonly applied: KnobValue }>>>;
  /** Of messages due in this epoch and in the measured phase. */
  readonly totals: Totals;
  readonly latency: LatencyStates;
}

export interface DocumentState {
  readonly tool: ToolInfo;
  readonly run: {
    /** 16 hexadecimal digits. */
    readonly id: string;
    /** Unix ms. */
    readonly startedAtMs: number;
    /** Unix ms; null: still running. */
    readonly endedAtMs: number | null;
    /** The program's name and its arguments, as typed. Secrets are replaced here, not by the caller. */
    readonly commandLine: readonly string[];
    readonly verdict: Verdict;
  };
  readonly plan: Pick<ResolvedPlan, 'plan' | 'sources'>;
  readonly pacing: Exclude<Pacing, 'auto'>;
  readonly cluster: ClusterDocument;
  readonly host: HostInfo;
  /** Of messages due in the measured phase. */
  readonly totals: Totals;
  readonly wholeRun: WholeRun;
  /** Of messages due in the measured phase. */
  readonly latency: LatencyStates;
  readonly slos: readonly SloRow[];
  readonly epochs: readonly EpochState[];
  /** Oldest first, warm-up and draining included. */
  readonly intervals: readonly IntervalRow[];
  /** Oldest first; strings come from `encodeHistogram` when a window closes, so that no histogram is kept. */
  readonly hdrWindows: readonly HdrWindow[];
  /** Oldest first. */
  readonly lag: readonly LagSample[];
  /** Oldest first. */
  readonly events: readonly SessionEvent[];
  readonly errors: readonly ErrorCount[];
  readonly skew?: SkewDocument;
  readonly searches?: readonly Search[];
  readonly sweeps?: readonly Sweep[];
}
