/** What a line at the top has to fit in. */
export interface LineSpace {
  /** Of the whole screen. */
  readonly columns: number;
  /** Cells for the line itself. */
  readonly width: number;
  /** Words are written out, and there is room for more of them. */
  readonly isWide: boolean;
}

/** From here on fields stand further apart, and figures that were left out come back. */
export const roomyColumns = 140;
