/** How long a run takes, what keeps it safe, and what it is judged by. */
import { formatAbortRules, parseAbortRules } from '../abort-rules.ts';
import { formatRateSchedule, parseRateSchedule } from '../rate-schedule.ts';
import { count, countOr, endlessDuration, invertedToggle, rateKind, seconds, toggle, words } from '../setting-kinds.ts';
import { parseSlos, shortSloText } from '../slo.ts';
import { formatSoak, parseSoak, type SoakWish } from '../soak.ts';
import { readSweep, writeSweep } from '../sweep.ts';
import { formatRate, parseSomeMessageRate } from '../units.ts';
import type { Settings } from './setting.ts';

export const runSettings = {
  durationMs: {
    ...endlessDuration,
    name: 'duration',
    short: 'd',
    group: 'Run',
    help: 'of measuring, warm-up excluded; 0: endless',
  },
  warmUpMs: {
    ...seconds,
    name: 'warm-up',
    group: 'Run',
    help: 'before measuring; 0 with --consume-only',
  },
  messages: {
    ...countOr('unlimited'),
    name: 'messages',
    short: 'n',
    aliases: ['num-records'],
    group: 'Run',
    help: 'stop after N measured, warm-up excluded',
  },

  rateSchedule: {
    ...words('FROM:TO:TIME', parseRateSchedule, (value) => (value.length === 0 ? ['none'] : formatRateSchedule(value))),
    name: 'ramp',
    yaml: 'rateSchedule',
    repeat: true,
    group: 'Run',
    help: '10k:200k:60s[:step=5s][:geometric]; also sine, bursts',
  },

  fromRate: {
    ...words('RATE', parseSomeMessageRate, (value) => [formatRate(value)]),
    name: 'from',
    group: 'Search',
    help: 'first rate of a search [1k]',
  },
  quick: { ...toggle, name: 'quick', group: 'Search', help: 'confirms for 30 s, not 60; five minutes as a rule' },
  maxTimeMs: {
    ...endlessDuration,
    name: 'max-time',
    group: 'Search',
    help: 'then end with the best bracket; 0: no limit',
  },

  soak: {
    ...words<SoakWish | null>('SHARE:TIME', parseSoak, (value) => [formatSoak(value)]),
    name: 'soak',
    group: 'Search',
    help: '80%:30m: then stay at a share of what is found',
  },

  sweep: {
    ...words('KNOB=VALUES', readSweep, writeSweep),
    name: 'sweep',
    repeat: true,
    group: 'Sweep',
    help: 'linger=0,5ms or consumers=1..96 (doubling); also said without --sweep',
  },
  repeats: { ...count, name: 'repeats', group: 'Sweep', help: 'of each combination; 1 with --find' },
  findSlos: {
    ...words('SLO', parseSlos, (value) => (value.length === 0 ? ['none'] : value.map(shortSloText))),
    name: 'find',
    repeat: true,
    group: 'Sweep',
    help: 'search the highest rate of each that holds it',
  },
  seed: { ...count, name: 'seed', group: 'Sweep', help: 'of the order in which combinations come' },

  maxRate: { ...rateKind, name: 'max-rate', group: 'Safety and verdict', help: 'nothing goes above it' },
  maxBehindMs: {
    ...seconds,
    name: 'max-behind',
    group: 'Safety and verdict',
    help: 'older due messages become missed',
  },
  abortOn: {
    ...words('RULES', parseAbortRules, (value) => [formatAbortRules(value)]),
    name: 'abort-on',
    repeat: true,
    group: 'Safety and verdict',
    help: "'errors>10% for 10s, no-acks for 30s' or none",
  },
  slos: {
    ...words('SLO', parseSlos, (value) => (value.length === 0 ? ['none'] : value.map(shortSloText))),
    name: 'slo',
    repeat: true,
    group: 'Safety and verdict',
    help: "'p99<10ms', 'errors<0.1%'; loadtui help slo",
  },
  achievedGate: {
    ...invertedToggle,
    name: 'no-achieved-gate',
    group: 'Safety and verdict',
    help: 'no exit 4 below 99% of the rate',
  },
  missingGate: {
    ...invertedToggle,
    name: 'no-missing-gate',
    group: 'Safety and verdict',
    help: 'no exit 5 for what a job filters (--consume-topic)',
  },
  yes: { ...toggle, name: 'yes', short: 'y', group: 'Safety and verdict', help: 'write to a topic that is in use' },
  unattended: {
    ...toggle,
    name: 'unattended',
    group: 'Safety and verdict',
    help: 'no pause after 30 minutes without a key',
  },
} satisfies Settings;
