import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command, loadtui, loadtuiHere } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadtui-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('what is printed', () => {
  it.each([['--help'], ['-h'], ['help'], ['run --rate 5 --help']])('%s', async (args) => {
    const { code, stdout, stderr } = await loadtuiHere(args.split(' '));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('-b, --brokers');
    expect(stdout).not.toContain('--workload');
  });

  it('to a reader that went away, without a word', () => {
    const { stdout, stderr } = spawnSync('bash', ['-c', '("$0" "$@"; echo $? >&2) | true', ...command(['--help'])], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '0\n' });
  });

  it.runIf(existsSync('/dev/full'))('to a disk that is full, which is no fault of the program', () => {
    const { stderr } = spawnSync('bash', ['-c', '"$0" "$@" > /dev/full; echo $? >&2', ...command(['presets'])], {
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^loadtui: standard output could not be written: ENOSPC.*\n {2}try: .*\n2\n$/);
  });

  it('the version', async () => {
    expect(await loadtui(['-V'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^loadtui \d+\.\d+\.\d+\n$/),
    });
  });

  it('presets', async () => {
    expect((await loadtui(['presets'])).stdout).toMatch(/^latency +Small messages/m);
    const { stdout } = await loadtui(['presets', 'digital-twin']);
    expect(stdout).toContain('dt_sensor_id: "{key}"');
    expect(await loadtui(['-', '--dry-run'], stdout)).toMatchObject({ code: 0, stderr: '' });
  });

  it('a dry run names every source', async () => {
    const args = ['-', '--dry-run', '-d', '10m', '--preset', 'throughput', '-b', 'h1,h2,h3'];
    const { code, stdout, stderr } = await loadtui(args, 'linger: 7ms\n', {
      LOADTUI_ACKS: '1',
      LOADTUI_UNHEARD_OF: '1',
    });
    expect(code).toBe(0);
    expect(stderr).toBe('loadtui: warning: unknown variable LOADTUI_UNHEARD_OF\n');
    expect(stdout).toMatch(/^ {2}brokers +h1:9092,h2:9092,h3:9092 +flag$/m);
    expect(stdout).toMatch(/^ {2}linger +7ms +file$/m);
    expect(stdout).toMatch(/^ {2}acks +1 +environment$/m);
    expect(stdout).toMatch(/^ {2}rate +50k +preset$/m);
    expect(stdout).toMatch(/^ {2}max-behind +30s +default$/m);
    expect(stdout).toContain('×16 RF3  removed at the end');
    expect(stdout).toContain('2.86 GiB a minute');
  });
});

describe('what is refused', () => {
  it.each<[string, number, string]>([
    ['--duration 60', 2, 'loadtui: --duration: "60" has no unit: did you mean 60s?\n  try: '],
    ['--rte 5', 2, 'loadtui: unknown flag --rte\n  try: Did you mean --rate?\n'],
    ['worker', 2, 'loadtui: loadtui worker comes in a later version\n'],
    ['sweep', 2, 'sweep: nothing to sweep'],
    ['sweep linger=0,5ms -r 1k -d 5s', 2, '--duration means nothing to loadtui sweep'],
    ['run --repeats 2', 2, '--repeats means nothing to loadtui run'],
    ['find --rate 5k', 2, '--rate means nothing to loadtui find'],
    ['sweep lingr=0,5ms', 2, 'sweep: there is no knob lingr\n  try: Did you mean linger?'],
    ['--ramp 10k:20k', 2, '"10k:20k" is no part of a rate schedule'],
    ['--workload w.yaml', 2, '--workload comes in a later version'],
    ['valdate', 2, 'Did you mean loadtui validate?'],
    ['latency', 2, 'Did you mean loadtui --preset latency?'],
    ['wholly-unheard-of', 2, '"wholly-unheard-of" is neither a command nor a plan file'],
    ['no-such-plan.yaml', 2, 'loadtui: there is no file no-such-plan.yaml\n'],
    ['presets latncy', 2, 'Did you mean latency?'],
    ['presets --rate 5', 2, '--rate means nothing to loadtui presets'],
    ['--port 9092', 2, '--port means nothing to loadtui run'],
    ['topics --capacity 5', 2, '--capacity means nothing to loadtui topics'],
    ['a.yaml b.yaml', 2, 'one plan file is enough'],
    ['check this', 2, '"this" is too much here'],
    ['help slos', 2, 'Did you mean loadtui help slo?'],
    ['completion tcsh', 2, 'loadtui: there is no completion for "tcsh"'],
    ['--screen', 2, '--screen needs a terminal'],
    ['--plain --json', 2, 'contradict each other'],
    ['- --commands -', 2, 'cannot both be standard input'],
    ['sandbox --port 70000', 2, '--port: "70000" is not a port'],
    ['sandbox --capacity 0', 2, '--capacity: a capacity of 0'],
    ['sandbox --fault nonsense', 2, '--fault: "nonsense" is not a fault'],
    ['validate', 2, 'which files?'],
  ])('%s', async (args, code, message) => {
    const ended = await loadtuiHere(args.split(' '));
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(message);
  });

  it('a plan with its place', async () => {
    const path = file('bad.yaml', 'rate: 5k\n\nproducer: 3\n');
    expect(await loadtui([path])).toEqual({
      code: 2,
      stdout: '',
      stderr: `loadtui: unknown key "producer"\n  at ${path}:3:1\n  try: Did you mean producers?\n`,
    });
  });

  it('an empty variable never leads to the sandbox', async () => {
    const { code, stderr } = await loadtui(['--dry-run'], '', { LOADTUI_BROKERS: '' });
    expect(code).toBe(2);
    expect(stderr).toContain('LOADTUI_BROKERS: no broker is named');
  });

  it('a session file that is there, before the run and not after it', async () => {
    const path = file('session.json', '{}');
    const { code, stderr } = await loadtui(['--save', path, '--dry-run']);
    expect(code).toBe(2);
    expect(stderr).toContain('is there already\n  try: Choose another name, or add --force.');
    expect((await loadtui(['--save', path, '--force', '--dry-run'])).code).toBe(0);
  });
});

describe('validate', () => {
  it('reports every file', async () => {
    const good = file('good.yaml', 'preset: latency\nrate: 5k\n');
    const properties = file('client.properties', 'linger.ms=5\nacks=all\n');
    const bad = file('wrong.properties', 'acks=all\n linger.sm=5\n');
    expect(await loadtui(['validate', good, properties])).toEqual({
      code: 0,
      stdout: `${good}: a plan, fine\n${properties}: a properties file, fine\n`,
      stderr: '',
    });
    const { code, stdout, stderr } = await loadtui(['validate', bad, good]);
    expect(code).toBe(2);
    expect(stdout).toBe(`${good}: a plan, fine\n`);
    expect(stderr).toContain(`  at ${bad}:2:2\n  try: Did you mean linger.ms?`);
  });

  it('looks at what secures a cluster, too', async () => {
    const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="me"';
    const missing = file('tls.properties', 'security.protocol=SSL\nssl.truststore.location=/nowhere/ca.pem\n');
    const unsaid = file('unsaid.properties', `sasl.mechanism=PLAIN\nsasl.jaas.config=${plain};\n`);
    const open = file('open.properties', `sasl.mechanism=PLAIN\nsasl.jaas.config=${plain} password="p";\n`);
    const { code, stdout, stderr } = await loadtui(['validate', missing, unsaid, open]);
    expect(code).toBe(2);
    expect(stderr).toContain('ssl.truststore.location: there is no file /nowhere/ca.pem');
    expect(stdout).toContain(`${unsaid}: warning: the password of me is not said: it must be said when it is used`);
    expect(stdout).toContain(`${open}: warning: the password travels as it is: PLAIN without TLS`);
  });
});
