/**
 * Where everything stands. Designed for 160×45, 120×30 and 80×24; sizes in between get the next smaller design with
 * the spare room given to charts and events.
 *
 *   wide:    header 3 │ throughput + latency │ knobs + machine + lag │ events │ message │ footer
 *   compact: header 3 │ one chart            │ knobs + machine, lag  │ events without a box │ message │ footer
 *
 * Curve and steps of a search stand where the charts over time do, in their stead.
 */

export const panelIds = ['throughput', 'latency', 'knobs', 'machine', 'lag', 'events', 'curve', 'steps'] as const;
export type PanelId = (typeof panelIds)[number];

export const minimumColumns = 80;
export const minimumRows = 24;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Layout =
  | { readonly kind: 'too-small'; readonly columns: number; readonly rows: number }
  | {
      readonly kind: 'wide';
      readonly columns: number;
      readonly rows: number;
      readonly charts: readonly [Size, Size];
      /** Curve and steps. */
      readonly search: readonly [Size, Size];
      readonly knobs: Size;
      readonly machine: Size;
      readonly lag: Size;
      readonly events: Size;
    }
  | {
      readonly kind: 'compact';
      readonly columns: number;
      readonly rows: number;
      readonly chart: Size;
      readonly knobs: Size;
      readonly machine: Size;
      readonly events: Size;
    };

export const headerRows = 3;
/** Message and footer. */
export const bottomRows = 2;

/** Room for one panel that is expanded: all between header and message. */
export function expandedSize(columns: number, rows: number): Size {
  return { width: columns, height: rows - headerRows - bottomRows };
}

export function calculateLayout(columns: number, rows: number): Layout {
  if (columns < minimumColumns || rows < minimumRows) {
    return { kind: 'too-small', columns, rows };
  }
  const free = rows - headerRows - bottomRows;
  return columns >= 110 && rows >= 28 ? wide(columns, rows, free) : compact(columns, rows, free);
}

function wide(columns: number, rows: number, free: number): Layout {
  const spare = free - 25;
  const middle = 10 + clamp(Math.floor(spare / 5), 0, 4);
  const events = 5 + clamp(Math.floor(spare / 3), Math.min(0, spare), 12);
  const charts = free - middle - events;
  const left = Math.floor(columns / 2);
  const curve = Math.floor(columns * 0.58);
  const knobs = clamp(Math.floor(columns * 0.39), 43, 56);
  const machine = Math.floor((columns - knobs) * 0.53);
  return {
    kind: 'wide',
    columns,
    rows,
    charts: [
      { width: left, height: charts },
      { width: columns - left, height: charts },
    ],
    search: [
      { width: curve, height: charts },
      { width: columns - curve, height: charts },
    ],
    knobs: { width: knobs, height: middle },
    machine: { width: machine, height: middle },
    lag: { width: columns - knobs - machine, height: middle },
    events: { width: columns, height: events },
  };
}

function compact(columns: number, rows: number, free: number): Layout {
  const spare = free - 19;
  const middle = 9 + clamp(spare, 0, 1);
  const events = 2 + clamp(Math.floor((spare - 1) / 2), 0, 8);
  const knobs = Math.floor(columns / 2);
  return {
    kind: 'compact',
    columns,
    rows,
    chart: { width: columns, height: free - middle - events },
    knobs: { width: knobs, height: middle },
    machine: { width: columns - knobs, height: middle },
    events: { width: columns, height: events },
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
