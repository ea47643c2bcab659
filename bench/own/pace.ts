/** How long a run of this bench takes. */
export interface OwnPace {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Starts of the program. */
  readonly starts: number;
}

export const ownPace: OwnPace = { rounds: 5, warmUpMs: 5_000, measureMs: 15_000, starts: 11 };
/** To see that it works; its figures are worth nothing. */
export const quickOwnPace: OwnPace = { rounds: 1, warmUpMs: 1_000, measureMs: 3_000, starts: 2 };
