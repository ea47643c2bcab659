import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sessionDocumentSchema } from '../../source/session/document-schema.ts';
import { brokersOf, Stage, sideBySide } from '../session/support/live-run.ts';
import { Program } from './support/program.ts';

/** Machines that are busy keep no schedule. */
const fine = [0, 4, 6];

describe('loadtui --json', sideBySide, () => {
  it('streams objects, obeys a script, saves, and says how to do it again', async (context) => {
    const folder = await new Stage(context).folder();
    const script = join(folder, 'script');
    const saved = join(folder, 'saved.json');
    await writeFile(script, '# faster\n\nwait measuring\n:rate 2k\nlinger 1ms\nwait 1200ms\nundo\nquit\nrate 5\n');
    const program = new Program(context, ['--json', '--rate', '1k', '--commands', script, '--save', saved]);
    expect(fine).toContain(await program.exitCode());
    const objects = program.objects();
    expect(objects[0]).toMatchObject({ type: 'start', cluster: { sandbox: true } });
    expect(objects.filter(({ type }) => type === 'interval').length).toBeGreaterThan(1);
    expect(objects.filter(({ eventType }) => eventType === 'knob').map(({ knob, to }) => [knob, to])).toEqual([
      ['rate', 2000],
      ['lingerMs', 1],
      ['lingerMs', 5],
    ]);
    const { type, ...document } = objects.at(-1) ?? { type: 'nothing' };
    expect(type).toBe('summary');
    const summary = sessionDocumentSchema.parse(document);
    expect(summary.totals.missing).toBe(0);
    expect(program.stderr).toContain(':rate 2k  rate 1.00 k/s → 2.00 k/s');
    expect(program.stderr).toContain(':undo  undone: linger 1 ms → 5 ms');
    expect(program.stderr).toContain(':quit  draining');
    expect(program.stderr).not.toContain(':rate 5');
    expect(program.stderr).toContain(`saved  ${saved}`);
    expect(program.stderr).toMatch(/^again {2}loadtui -r 2k .*/m);
    const file = sessionDocumentSchema.parse(JSON.parse(await readFile(saved, 'utf8')));
    expect(file.totals).toEqual(summary.totals);

    const again = new Program(context, ['--plain', '--save', saved]);
    expect(await again.exitCode()).toBe(2);
    expect(again.lines).toEqual([]);
    expect(again.stderr).toContain('--force');
    expect(JSON.parse(await readFile(saved, 'utf8'))).toEqual(file);
  });
});

describe('loadtui', sideBySide, () => {
  it('drains and ends well when nobody reads its output any more', async (context) => {
    const program = new Program(context, ['--plain', '--duration', '60s']);
    await program.line('measuring begins');
    program.child.stdout.destroy();
    expect(await program.exitCode()).toBe(0);
    expect(program.stderr).not.toContain('EPIPE');
  });

  it('drains on ctrl-c, tells the result and exits with 130', async (context) => {
    const program = new Program(context, ['--json', '--duration', '60s']);
    await program.line('measuring begins');
    program.child.kill('SIGINT');
    expect(await program.exitCode()).toBe(130);
    const summary = program.objects().at(-1);
    expect(summary).toMatchObject({ type: 'summary', run: { verdict: { exitCode: 130 } }, totals: { missing: 0 } });
  });

  it('exits at once on a second signal', async (context) => {
    const sandbox = await new Stage(context).sandbox();
    const program = new Program(context, ['--plain', '--duration', '60s', '-b', brokersOf(sandbox).join()]);
    await program.line('measuring begins');
    await sandbox.inject({ kind: 'stall', durationMs: 60_000 });
    program.child.kill('SIGINT');
    await program.line('draining');
    program.child.kill('SIGINT');
    expect(await program.exitCode()).toBe(130);
    expect(program.lines.join('\n')).not.toContain('exit 130');
  });

  it('says how to do it again so that it is done again: with -y where its own records are in the way', async (context) => {
    const sandbox = await new Stage(context).sandbox();
    const first = ['--plain', '-b', brokersOf(sandbox).join(), '-t', 'orders', '--create', '-r', '1k', '-n', '20'];
    for (const { args, isTold } of [
      { args: first, isTold: true },
      { args: [...first, '-y'], isTold: true },
      { args: ['--plain', '-n', '20', '-t', 'orders', '--create'], isTold: false },
    ]) {
      const program = new Program(context, args);
      expect(fine).toContain(await program.exitCode());
      const again = /^again {2}loadtui (.*)$/m.exec(program.stderr)?.[1] ?? '';
      expect(again.split(' ').includes('-y')).toBe(isTold);
    }
  });

  it('says in a line that it was ended before any load', async (context) => {
    const silent = createServer((socket) => socket.on('error', () => socket.destroy()));
    context.onTestFinished(() => void silent.close());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    const program = new Program(context, ['--json', '-b', `127.0.0.1:${address.port}`]);
    await once(silent, 'connection');
    program.child.kill('SIGINT');
    expect(await program.exitCode()).toBe(130);
    expect(program.stderr).toBe('loadtui: ended before any load, nothing was measured\n');
    expect(program.lines).toEqual([]);
  });

  it('ends with its summary where the cluster removes nothing, and names the topic that is left, however quiet', async (context) => {
    const sandbox = await new Stage(context).sandbox();
    // "Try again", for longer than anybody would: to DeleteTopics and to DeleteGroups.
    for (const apiKey of [20, 42]) {
      await sandbox.inject({ kind: 'error', errorCode: 14, when: 'before-append', count: 1_000_000, apiKey });
    }
    const brokers = brokersOf(sandbox).join();
    const program = new Program(context, ['--plain', '-q', '-n', '100', '-b', brokers]);
    await program.line('exit ');
    const toldMs = performance.now();
    expect(fine).toContain(await program.exitCode());
    expect(performance.now() - toldMs).toBeLessThan(15_000);
    const topic = /loadtui-[0-9a-f]{16}/.exec(program.stderr)?.[0];
    expect(program.stderr).toBe(`loadtui: topic ${topic} is left (loadtui topics --clean removes it)\n`);
    expect(program.lines.at(-1)).toMatch(/^SANDBOX/);
  });

  it('ends although its script waits, where the run could not begin', async (context) => {
    const folder = await new Stage(context).folder();
    const script = join(folder, 'script');
    await writeFile(script, 'wait measuring\nquit\n');
    const program = new Program(context, ['--plain', '-b', '127.0.0.1:1', '--commands', script]);
    expect(await program.exitCode()).toBe(3);
    expect(program.stderr).toContain('127.0.0.1:1');
  });

  it('takes commands from standard input, and ends on SIGTERM with 143 although that stays open', async (context) => {
    const program = new Program(context, ['--plain', '--duration', '60s', '--commands', '-']);
    program.child.stdin.write('rate 2k\n');
    await program.said(':rate 2k');
    program.child.kill('SIGTERM');
    expect(await program.exitCode()).toBe(143);
    expect(program.lines.join('\n')).toContain('exit 143');
  });
});
