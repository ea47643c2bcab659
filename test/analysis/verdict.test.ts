import { describe, expect, test } from 'vitest';
import { accountingFaults, type VerdictInput, verdict } from '../../source/analysis/verdict.ts';

const totals: VerdictInput['totals'] = {
  scheduled: 1000,
  acked: 1000,
  failed: 0,
  missed: 0,
  unknown: 0,
  consumed: 1000,
  missing: 0,
  unread: 0,
  duplicated: 0,
  failedButConsumed: 0,
  corrupt: 0,
  expired: 0,
};

const well: VerdictInput = {
  search: null,
  bug: null,
  aborted: null,
  signal: null,
  totals,
  consumptionChecked: true,
  idempotent: true,
  offeredInTimeFraction: 1,
  achievedFraction: 1,
  achievedGate: true,
  heldByServiceAlone: [],
  slos: [{ expr: 'response.p99<10ms', held: true, actual: 4 }],
};

const broken = [{ expr: 'response.p99<10ms', held: false, actual: 14 }];
const lost = { ...totals, missing: 2, consumed: 998 };

test.each<[string, Partial<VerdictInput>, number, string]>([
  ['all well', {}, 0, 'done'],
  ['a fault of ours', { bug: 'a thread died' }, 1, 'fault of loadtui'],
  ['aborted', { aborted: 'no acks for 30 s' }, 3, 'aborted'],
  ['an SLO broken', { slos: broken }, 4, 'SLO broken'],
  ['an SLO broken by the generator', { slos: broken, heldByServiceAlone: ['response.p99<10ms'] }, 6, 'client-bound'],
  ['an SLO not judged', { slos: [{ expr: 'p99<1ms', held: null, actual: null }] }, 0, 'done'],
  ['achieved 99 % exactly', { achievedFraction: 0.99 }, 4, 'SLO broken'],
  ['achieved just over 99 %', { achievedFraction: 0.9901 }, 0, 'done'],
  ['achieved too little, gate off', { achievedFraction: 0.5, achievedGate: false }, 0, 'done'],
  [
    'achieved too little for the gate, enough for the objective that replaces it',
    { achievedFraction: 0.9, slos: [{ expr: 'achieved>80%', held: true, actual: 0.9 }] },
    0,
    'done',
  ],
  ['unthrottled', { achievedFraction: null }, 0, 'done'],
  ['messages missing', { totals: lost }, 5, 'messages unaccounted for'],
  ['messages that a pipeline dropped', { totals: lost, pipeline: { filters: false } }, 5, 'messages unaccounted for'],
  ['messages that it may drop', { totals: lost, pipeline: { filters: true } }, 0, 'done'],
  [
    'messages that it repeats',
    { totals: { ...totals, duplicated: 1, consumed: 1001 }, pipeline: { filters: true } },
    5,
    'messages unaccounted for',
  ],
  ['missing not checked', { totals: { ...totals, missing: null, consumed: 0 }, consumptionChecked: false }, 0, 'done'],
  ['offered in time 98.9 %', { offeredInTimeFraction: 0.989 }, 6, 'client-bound'],
  ['offered in time 99 %', { offeredInTimeFraction: 0.99 }, 0, 'done'],
  ['nothing due', { offeredInTimeFraction: null }, 0, 'done'],
  ['bug before aborted', { bug: 'b', aborted: 'a' }, 1, 'fault of loadtui'],
  ['aborted before missing', { aborted: 'a', totals: lost }, 3, 'aborted'],
  ['missing before client', { totals: lost, offeredInTimeFraction: 0.5 }, 5, 'messages unaccounted for'],
  ['client before SLO', { offeredInTimeFraction: 0.5, slos: broken }, 6, 'client-bound'],
  ['Ctrl-C', { signal: 'SIGINT' }, 130, 'interrupted'],
  ['SIGTERM', { signal: 'SIGTERM' }, 143, 'terminated'],
  ['SIGHUP', { signal: 'SIGHUP' }, 129, 'terminal gone'],
  ['a signal overrides a broken SLO', { signal: 'SIGINT', slos: broken }, 130, 'interrupted'],
])('%s', (_what, changes, exitCode, label) => {
  expect(verdict({ ...well, ...changes })).toMatchObject({ exitCode, label });
});

test('reasons are all named, the weightiest first', () => {
  const { reasons } = verdict({
    ...well,
    aborted: 'no acks for 30 s',
    totals: lost,
    offeredInTimeFraction: 0.97,
    slos: broken,
    achievedFraction: 0.5,
  });
  expect(reasons).toEqual([
    'no acks for 30 s',
    '2 messages missing: acknowledged and never consumed',
    'only 97.00 % of the due messages were offered in time: the load generator was too slow',
    'response.p99<10ms was broken',
    'achieved 50.00 % of the target rate, not more than 99 %',
  ]);
  expect(verdict(well).reasons).toEqual([]);
});

describe('accounting', () => {
  test.each<[string, Partial<VerdictInput['totals']>, Partial<VerdictInput>, number]>([
    ['all well', {}, {}, 0],
    [
      'failed, unknown and missed have a fate',
      { acked: 900, failed: 50, unknown: 30, missed: 20, consumed: 900 },
      {},
      0,
    ],
    ['one without a fate', { acked: 999, consumed: 999 }, {}, 1],
    ['one fate too many', { failed: 1 }, {}, 1],
    ['unknown ones that arrived', { acked: 990, unknown: 10, consumed: 997 }, {}, 0],
    ['more than the unknown arrived', { acked: 990, unknown: 10, consumed: 1001 }, {}, 1],
    ['a failed one that arrived', { acked: 999, failed: 1, consumed: 1000, failedButConsumed: 1 }, {}, 0],
    ['duplicates where idempotent', { consumed: 1002, duplicated: 2 }, {}, 1],
    ['duplicates where not', { consumed: 1002, duplicated: 2 }, { idempotent: false }, 0],
    ['a duplicate must not hide a loss', { consumed: 1000, duplicated: 2 }, { idempotent: false }, 1],
    ['expired ones', { consumed: 900, expired: 100 }, {}, 0],
    ['ones still in the log when draining ended', { consumed: 900, unread: 100 }, {}, 1],
    ['fewer expired than were not consumed', { consumed: 900, expired: 99 }, {}, 1],
    ['corrupt ones', { consumed: 990, corrupt: 10 }, {}, 1],
    ['consumed less than acknowledged, none called missing', { consumed: 990 }, {}, 1],
    ['not looked at without consumers', { consumed: 0, missing: null }, { consumptionChecked: false }, 0],
    ['consumers that did not see all: only missing is judged', { consumed: 10 }, { consumptionChecked: false }, 0],
  ])('%s', (_what, changes, more, faults) => {
    expect(accountingFaults({ ...well, ...more, totals: { ...totals, ...changes } })).toHaveLength(faults);
  });
});
