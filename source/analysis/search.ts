/**
 * The search for the highest rate that a cluster sustains under an objective (method: "Search for the maximum sustainable
 * rate under an SLO"). Pure: what comes next follows from the settings and the steps so far, so that a search can be told
 * as a table, stopped at any step and gone on with.
 */

/** What a step is for: doubling, falling below a first rate that failed, halving the bracket, confirming its lower end. */
export const stepRoles = ['ramp', 'descend', 'bisect', 'confirm'] as const;
export type StepRole = (typeof stepRoles)[number];

export const limits = ['latency', 'lag', 'throttle', 'client', 'errors'] as const;
/** What kept a step from passing. */
export type Limit = (typeof limits)[number];

export interface SearchSettings {
  /** First rate, messages a second. */
  readonly fromHz: number;
  /** No step goes beyond this; null: no cap. */
  readonly maxHz: number | null;
  /** The bracket is narrow enough where its ends lie no further apart; left out: 1.025. */
  readonly closeRatio?: number;
}

export interface StepOutcome {
  readonly role: StepRole;
  readonly rateHz: number;
  /** `client`: failed, and the load generator is to blame. */
  readonly verdict: 'pass' | 'fail' | 'client';
  readonly limitedBy: Limit | null;
}

/**
 * - `found`: confirmed, below a rate that failed. - `at-cap`: confirmed at the highest rate allowed.
 * - `client`: the load generator could drive no more: at least the lower end. - `unconfirmed`: nothing held for long enough.
 * - `none`: even the lowest rate failed.
 */
export const searchEnds = ['found', 'at-cap', 'client', 'unconfirmed', 'none'] as const;
export type SearchEnd = (typeof searchEnds)[number];

export interface SearchResult {
  readonly end: SearchEnd;
  /** The confirmed rate; for `client`, the highest that passed; else null. */
  readonly rateHz: number | null;
  /** Highest rate that passed (or was confirmed) and lowest above it that failed; null: none passed, none failed. */
  readonly passedHz: number | null;
  readonly failedHz: number | null;
  readonly limitedBy: Limit | null;
}

export type SearchMove =
  | { readonly kind: 'step'; readonly role: StepRole; readonly rateHz: number }
  | { readonly kind: 'done'; readonly result: SearchResult };

const rampFactor = 2;
const descendFactor = 4;
const lowestHz = 10;
const closeEnough = 1.025;
const confirmFactor = 0.975;
const confirmRetries = 3;

interface Standing {
  /** Rates that passed and are believed, ascending. */
  passed: number[];
  failedHz: number | null;
  limitedBy: Limit | null;
  /** Steps of the confirmation so far. */
  confirms: number;
  confirmedHz: number | null;
  /** A ramp's short step passed at the lower end before a quota struck: its window was not full yet. */
  doubted: boolean;
  /** The client was late at a rate not above one that it had driven: what disturbed it may be over. null: no such step. */
  disturbed: { readonly role: StepRole; readonly rateHz: number } | null;
  clientHz: number | null;
}

/** What to do after these steps. */
export function nextMove(
  { fromHz, maxHz, closeRatio = closeEnough }: SearchSettings,
  outcomes: readonly StepOutcome[],
): SearchMove {
  const standing = standingAfter(outcomes);
  const { passed, failedHz, confirms, confirmedHz } = standing;
  const lowHz = passed.at(-1) ?? null;
  const first = Math.min(fromHz, maxHz ?? fromHz);
  const step = (role: StepRole, rateHz: number): SearchMove => ({ kind: 'step', role, rateHz });
  if (confirmedHz !== null) return done(standing, failedHz === null ? 'at-cap' : 'found', confirmedHz);
  if (standing.clientHz !== null) return done(standing, 'client', believed(standing));
  const { disturbed } = standing;
  // Who is to come to an end halves the bracket no more, and asks no more about it.
  const isDropped = disturbed?.role === 'bisect' && closeRatio === Number.POSITIVE_INFINITY;
  if (disturbed !== null && !isDropped) return step(disturbed.role, disturbed.rateHz);
  if (lowHz === null) {
    if (failedHz === null) return step('ramp', first);
    const floorHz = Math.min(lowestHz, first);
    return failedHz <= floorHz
      ? done(standing, 'none', null)
      : step('descend', Math.max(floorHz, failedHz / descendFactor));
  }
  if (confirms > 0) {
    if (confirms > confirmRetries) return done(standing, 'unconfirmed', null);
    return step('confirm', lowHz * confirmFactor ** confirms);
  }
  if (failedHz === null) {
    if (maxHz !== null && lowHz >= maxHz) return step('confirm', lowHz);
    return step('ramp', Math.min(lowHz * rampFactor, maxHz ?? Number.POSITIVE_INFINITY));
  }
  if (standing.doubted) return step('bisect', lowHz);
  return failedHz / lowHz <= closeRatio ? step('confirm', lowHz) : step('bisect', Math.sqrt(lowHz * failedHz));
}

/** The bracket as it stands, for who watches and for a search that ends early. */
export function bracketOf(outcomes: readonly StepOutcome[]): Pick<SearchResult, 'passedHz' | 'failedHz' | 'limitedBy'> {
  const standing = standingAfter(outcomes);
  const { failedHz, limitedBy } = standing;
  return { passedHz: believed(standing), failedHz, limitedBy };
}

/** What a search that is ended early comes to: its best bracket, confirmed by nothing. */
export function resultSoFar(outcomes: readonly StepOutcome[]): SearchResult {
  return { end: 'unconfirmed', rateHz: null, ...bracketOf(outcomes) };
}

/**
 * Steps that are left to come, about, and how often each is asked for: a guess for who waits. Where no rate has failed yet,
 * six doublings from where it stands (or those up to the cap) are taken for granted.
 */
export function stepsLeft(
  settings: SearchSettings,
  outcomes: readonly StepOutcome[],
): Readonly<Record<StepRole, number>> {
  const { passed, failedHz, confirms, confirmedHz, clientHz } = standingAfter(outcomes);
  const none = { ramp: 0, descend: 0, bisect: 0, confirm: 0 };
  if (confirmedHz !== null || clientHz !== null) return none;
  const lowHz = passed.at(-1);
  const halvings = (ratio: number): number =>
    Math.max(0, Math.ceil(Math.log2(Math.log(ratio) / Math.log(settings.closeRatio ?? closeEnough))));
  const atCap = settings.maxHz !== null && failedHz === null && (lowHz ?? 0) >= settings.maxHz;
  if (confirms > 0 || atCap) return { ...none, confirm: 1 };
  if (lowHz !== undefined && failedHz !== null) return { ...none, bisect: halvings(failedHz / lowHz), confirm: 1 };
  if (lowHz === undefined && failedHz !== null)
    return { ...none, descend: 1, bisect: halvings(descendFactor), confirm: 1 };
  const fromHz = lowHz === undefined ? settings.fromHz / rampFactor : lowHz;
  const doublings =
    settings.maxHz === null ? Math.max(1, guessedDoublings - outcomes.length) : Math.log2(settings.maxHz / fromHz);
  return { ...none, ramp: Math.max(0, Math.ceil(doublings)), bisect: halvings(rampFactor), confirm: 1 };
}

const guessedDoublings = 7;

/** The highest rate that passed below the one that failed: what fails to be confirmed does not count as passed. */
function believed({ passed, failedHz }: Standing): number | null {
  return passed.findLast((rateHz) => failedHz === null || rateHz < failedHz) ?? null;
}

function done(standing: Standing, end: SearchEnd, rateHz: number | null): SearchMove {
  const { failedHz, limitedBy, clientHz } = standing;
  const passedHz = end === 'found' || end === 'at-cap' ? rateHz : believed(standing);
  const result = { end, rateHz, passedHz, failedHz, limitedBy: clientHz === null ? limitedBy : 'client' } as const;
  return { kind: 'done', result };
}

function standingAfter(outcomes: readonly StepOutcome[]): Standing {
  const standing: Standing = {
    passed: [],
    failedHz: null,
    limitedBy: null,
    confirms: 0,
    confirmedHz: null,
    doubted: false,
    disturbed: null,
    clientHz: null,
  };
  for (const outcome of outcomes) take(standing, outcome);
  return standing;
}

function take(standing: Standing, { role, rateHz, verdict, limitedBy }: StepOutcome): void {
  if (verdict === 'client') {
    const drivenHz = standing.failedHz ?? standing.passed.at(-1) ?? 0;
    if (standing.disturbed?.rateHz !== rateHz && rateHz <= drivenHz) standing.disturbed = { role, rateHz };
    else standing.clientHz = rateHz;
    return;
  }
  standing.disturbed = null;
  if (role === 'confirm') {
    standing.confirms++;
    if (verdict === 'pass') standing.confirmedHz = rateHz;
    else {
      standing.failedHz = rateHz;
      standing.limitedBy = limitedBy;
    }
    return;
  }
  if (verdict === 'pass') {
    standing.doubted = false;
    if (standing.passed.at(-1) !== rateHz) standing.passed.push(rateHz);
    return;
  }
  // A rate that passed a short step and fails a longer one did not hold.
  standing.passed = standing.passed.filter((passed) => passed < rateHz);
  standing.doubted = standing.passed.length > 0 && limitedBy === 'throttle' && (role === 'ramp' || standing.doubted);
  standing.failedHz = rateHz;
  standing.limitedBy = limitedBy;
}
