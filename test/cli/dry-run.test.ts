import { describe, expect, it } from 'vitest';
import { dryRunText, weightOf } from '../../source/commands/dry-run.ts';
import { parseCommandLine, sweptOperand } from '../../source/config/flags.ts';
import { resolvePlan } from '../../source/config/resolve-plan.ts';
import { resolveWritten } from '../config/support.ts';

const mebibyte = 2 ** 20;

describe('the weight of a plan', () => {
  it('is RF × (partitions × (retention + segment) + rate × 6 min) where the run has no end', () => {
    const { plan } = resolveWritten({ args: ['-r', '10k', '-s', '1KiB', '-d', '0', '-b', 'a,b,c'] });
    const weight = weightOf(plan, 3);
    expect(weight).toMatchObject({ bytesPerMinute: 10_000 * 1024 * 60, partitions: 9, replicationFactor: 3 });
    expect(weight.peakDiskBytes).toBe(3 * (9 * 512 * mebibyte + 6 * 10_000 * 1024 * 60));
  });

  it('is what it writes where the run ends before that', () => {
    const { plan } = resolveWritten({ args: ['-r', '1k', '-s', '1KiB', '-d', '50s', '--warm-up', '10s'] });
    expect(weightOf(plan, 1)).toMatchObject({ partitions: 3, replicationFactor: 1, peakDiskBytes: 1000 * 1024 * 60 });
  });

  it('is unknown without a limit, and that of the cap with one', () => {
    expect(weightOf(resolveWritten({ args: ['-r', 'max'] }).plan, 1)).toMatchObject({
      bytesPerMinute: null,
      peakDiskBytes: null,
    });
    const { plan } = resolveWritten({ args: ['-r', 'max', '--max-rate', '1k'] });
    expect(weightOf(plan, 1).bytesPerMinute).toBe(1000 * 1024 * 60);
  });

  it('is that of the highest rate of a schedule', () => {
    const weight = (...args: string[]) => weightOf(resolveWritten({ args: ['-s', '1KiB', ...args] }).plan, 1);
    expect(weight('--ramp', '10k:200k:60s').bytesPerMinute).toBe(200_000 * 1024 * 60);
    expect(weight('--ramp', 'sine 50k 20k 60s').bytesPerMinute).toBe(70_000 * 1024 * 60);
  });
});

describe('the dry run', () => {
  it.each<[string[], string]>([
    [['-b', 'h', '-t', 'orders'], 'orders: must be there, and is neither altered nor deleted'],
    [['-b', 'h', '-t', 'orders', '--create'], 'orders  ×3 RF1  made where it is missing, kept'],
    [['-b', 'h', '-t', 'in', '--consume-topic', 'out'], 'out: must be there, and is only read'],
    [['-t', 'in', '--consume-topic', 'out', '--create'], 'out  ×3 RF1  made where it is missing, kept, and only read'],
    [['--topics', '3'], 'loadtui-<run id>, … -2  ×3 RF1  removed at the end'],
    [['--keep-topics'], 'loadtui-<run id>  ×3 RF1  kept'],
    [['-s', '1MiB'], 'max.message.bytes=10'],
    [[], 'retention.ms=600000'],
    [['-r', '1M', '-d', '0'], '768 MiB in memory at most, no file'],
    [['-r', '1k', '-s', '1KiB', '-d', '50s', '-b', 'h'], '58.6 MiB on all disks together at most'],
    [['-b', 'h', '-t', 'orders'], "kept as long as the topic's own retention says"],
    [['-r', 'max'], 'as much as the cluster takes'],
    [['--ramp', '10k:200k:60s', '-s', '1KiB'], '  at most 11.4 GiB a minute (200k messages/s of 1KiB)'],
    [['--consume-only', '-t', 'x', '-b', 'h'], 'It would write\n  nothing'],
    [[], 'enable.idempotence        yes                              default'],
    [['--preset', 'latency'], 'enable.idempotence        no, off with acks=1              preset'],
    [['--acks', '0'], 'enable.idempotence        no, off with acks=0              flag'],
    [
      ['-X', 'enable.idempotence=false', '--acks', '1'],
      'enable.idempotence        no                               flag',
    ],
    [['-X', 'request.timeout.ms=7000'], 'request.timeout.ms        7s'],
  ])('%j says "%s"', (args, text) => expect(dryRunText(resolveWritten({ args }))).toContain(text));

  it.each<[string[], string]>([
    [['linger=0,5ms', 'producers=1,4'], '4 combinations, 8 runs in random order, 12 to 32 s each'],
    [['linger=0', '--find', 'p99<1s'], '1 combination, 1 run in random order, a search each'],
    [['linger=0', '--find', 'p99<1s'], 'as much as the cluster takes'],
    [
      ['message-size=100B,1KiB', '--find', 'p99<1s', '--max-rate', '200k'],
      '  at most 11.4 GiB a minute (200k messages/s of 1KiB)',
    ],
    [['rate=1k,4k', 'message-size=100B,1KiB'], '234 MiB a minute (4k messages/s of 1KiB)'],
    [['rate=1k,max'], 'as much as the cluster takes'],
  ])('of a sweep %j says "%s"', (words, text) => {
    const { given, positionals } = parseCommandLine(words);
    const all = [...positionals.map(sweptOperand), ...given];
    expect(dryRunText(resolvePlan({ given: all, planPath: null, style: 'plain', task: 'sweep' }))).toContain(text);
  });
  it.each<[string[], string]>([
    [['--max-rate', '200k', '-s', '1KiB'], '  at most 11.4 GiB a minute (200k messages/s of 1KiB)'],
    [[], 'as much as the cluster takes'],
  ])('of a search %j says "%s"', (args, text) => {
    const { given } = parseCommandLine(['-b', 'localhost', '--slo', 'p99<10ms', ...args]);
    expect(dryRunText(resolvePlan({ given, planPath: null, style: 'plain', task: 'find' }))).toContain(text);
  });
});
