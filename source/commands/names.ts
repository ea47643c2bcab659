/** The words after `loadtui`: commands that are there, those that are promised, and what there is help about. */

export const commandNames = [
  'run',
  'find',
  'sweep',
  'report',
  'replay',
  'compare',
  'presets',
  'validate',
  'check',
  'topics',
  'sandbox',
  'help',
  'completion',
] as const;
export type CommandName = (typeof commandNames)[number];

/** Promised and not built yet. */
export const laterCommands: readonly string[] = ['worker'];

export const helpTopics = ['keys', 'slo', 'units', 'properties'] as const;

/** What `loadtui report` writes, and what it is promised to write. */
export const reportFormats = ['json', 'hlog'] as const;
export type ReportFormat = (typeof reportFormats)[number];
export const laterReportFormats: readonly string[] = ['html', 'md', 'csv', 'junit', 'omb'];

/** What `loadtui compare` writes. */
export const compareFormats = ['text', 'md', 'json'] as const;
export type CompareFormat = (typeof compareFormats)[number];
