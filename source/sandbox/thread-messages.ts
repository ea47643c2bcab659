import type { Fault as Blame, ErrorCode } from '../errors.ts';
import type { Fault, Sandbox, SandboxStats, ServiceModel } from './types.ts';

/** What the sandbox's thread is asked. Each is answered once, under its `id`. */
export type SandboxRequest =
  | { readonly kind: 'inject'; readonly id: number; readonly fault: Fault }
  | { readonly kind: 'set-service'; readonly id: number; readonly service: Partial<ServiceModel> }
  | { readonly kind: 'stats'; readonly id: number }
  | { readonly kind: 'close'; readonly id: number };

/** An error that crosses threads: a LoadtuiError's parts, or `code: null` for a fault of ours. */
export interface CarriedError {
  readonly message: string;
  readonly code: ErrorCode | null;
  readonly fault: Blame;
  readonly next: string | null;
}

export type SandboxReport =
  | { readonly kind: 'started'; readonly brokers: Sandbox['brokers'] }
  | { readonly kind: 'not-started'; readonly error: CarriedError }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'stats'; readonly id: number; readonly stats: SandboxStats }
  | { readonly kind: 'failed'; readonly id: number; readonly error: CarriedError };
