/** What a check finds. */
import type { Inspection } from '../cluster/inspect.ts';
import type { Rights } from '../cluster/rights.ts';
import type { SecurityFacts } from '../config/security/material.ts';
import type { HostFacts } from '../measure/host.ts';

export interface CheckReport {
  readonly cluster: CheckedCluster | null;
  readonly host: HostFacts;
  readonly node: string;
  readonly clients: readonly string[];
  readonly codecs: readonly string[];
  readonly driven: DrivenSandbox | null;
}

export interface CheckedCluster {
  readonly inspection: Inspection;
  /** How we come. */
  readonly security: SecurityFacts;
  /** null: a broker is not reached, so that nothing more was asked. */
  readonly allowed: Allowed | null;
  /** What a run would fail at; empty: nothing. */
  readonly problems: readonly Problem[];
}

/** What we may do there. */
export interface Allowed {
  /** Whether a run's own topics may be created. null: they may; else the broker's reason. */
  readonly whyNotCreate: string | null;
  /** Topics that are named, those read only included. */
  readonly topics: readonly { readonly name: string; readonly rights: Rights }[];
  /** null: none is named. */
  readonly group: { readonly name: string; readonly rights: Rights } | null;
}

export interface Problem {
  readonly about: 'broker' | 'topic' | 'group' | 'cluster';
  /** Id of a broker, or a name; null: the cluster. */
  readonly which: number | string | null;
  readonly message: string;
  /** What the operator can try; a sentence. */
  readonly next: string;
}

/** What this host drove against the sandbox. */
export interface DrivenSandbox {
  /** Acknowledged messages per second. */
  readonly ratePerSecond: number;
  readonly messageSizeBytes: number;
}
