import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openScript, runScript, type ScriptedSession } from '../../source/commands/script.ts';
import { messageOf } from '../../source/errors.ts';
import { EventLog } from '../../source/session/event-log.ts';
import type { ControlAnswer, Phase, SessionView } from '../../source/session/view.ts';
import { fakeView } from '../ui/fake-view.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A session that notes what is asked of it. */
class FakeSession implements ScriptedSession {
  phase: Phase = 'measuring';
  readonly log = new EventLog();
  readonly asked: string[] = [];
  readonly control: ScriptedSession['control'] = {
    setKnob: (name, value, confirmed) => this.#done(`${name} ${String(value)} ${confirmed === true}`),
    pauseLoad: () => this.#done('pause'),
    resumeLoad: () => this.#done('resume'),
    pauseConsumers: () => this.#done('pause consumers'),
    resumeConsumers: () => this.#done('resume consumers'),
    freshFigures: () => this.#done('fresh'),
    backOff: () => this.#done('back-off'),
    undo: () => this.#done('undo'),
    automate: (request) => this.#done(request.kind),
    stopAutomation: () => this.#done('stop automation'),
    reverse: () => this.#done('reverse'),
    save: async (path, force) => this.#done(`save ${path} ${force}`),
    note: () => {},
    attend: () => undefined,
    stop: (reason) => {
      this.#done(`stop ${reason}`);
      this.phase = 'draining';
    },
  };

  view(): SessionView {
    return fakeView();
  }

  #done(what: string): ControlAnswer {
    this.asked.push(what);
    return { kind: 'done', message: `did ${what}` };
  }
}

async function opened(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'loadtui-script-'));
  const path = join(folder, 'script');
  await writeFile(path, text);
  return openScript(path, fakeView()).finally(() => rm(folder, { recursive: true }));
}

async function run(text: string, session = new FakeSession()) {
  const stderr: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => stderr.push(String(line)) > 0);
  await runScript(session, { name: 'script', input: Readable.from([text]) });
  return { asked: session.asked, stderr };
}

describe('a script', () => {
  it('is carried out line by line, and its answers are told', async () => {
    const { asked, stderr } = await run(
      '# comment\n\n:rate 5k\r\n  linger 2ms  \npause consumers\nsave a.json\nsave b.json --force',
    );
    expect(asked).toEqual([
      'rate 5000 true',
      'lingerMs 2 true',
      'pause consumers',
      'save a.json false',
      'save b.json true',
    ]);
    expect(stderr[0]).toBe(':rate 5k  did rate 5000 true\n');
  });

  it('ends with the run', async () => {
    const { asked } = await run('quit\nrate 5k\n');
    expect(asked).toEqual(['stop quit']);
  });

  it('waits for a phase, and for the load before its first command', async () => {
    const session = new FakeSession();
    session.phase = 'connecting';
    const running = run('undo\nwait measuring\nfresh\nwait 1ms\npause\n', session);
    expect(session.asked).toEqual([]);
    session.phase = 'warm-up';
    await vi.waitFor(() => expect(session.asked).toEqual(['undo']));
    session.phase = 'measuring';
    await running;
    expect(session.asked).toEqual(['undo', 'fresh', 'pause']);
  });

  it('lets go of an input that stays open once the run is over', async () => {
    const session = new FakeSession();
    const input = new Readable({ read: () => undefined });
    const running = runScript(session, { name: 'script', input });
    session.phase = 'done';
    await running;
    expect(session.asked).toEqual([]);
  });

  const mistakes = [
    ['rate 5k\nraet 6k\nfresh\n', 2, 'did you mean :rate?', ['rate 5000 true', 'fresh']],
    ['wait soon\nfresh\n', 1, '"soon"', ['fresh']],
    ['rate\n', 1, ':rate needs a value', []],
    ['fresh\nrate 2kk\n', 2, '2kk', ['fresh']],
    ['fresh\nraet *2\n', 2, 'did you mean :rate?', ['fresh']],
    ['rate *0\nfresh\n', 1, '"*0" needs a number above 0', ['fresh']],
    ['acks +1\nfresh\n', 1, 'acks cannot be', ['fresh']],
    ['linger -1\nfresh\n', 1, '"1" has no unit', ['fresh']],
  ] as const;

  it.each(mistakes)(
    'from standard input tells of a line that is none, and goes on: %j',
    async (text, line, said, done) => {
      const session = new FakeSession();
      const { asked, stderr } = await run(text, session);
      expect(asked).toEqual(done);
      expect(stderr.join('')).toContain(said);
      expect(session.log.events.map(({ type, message }) => [type, message])).toEqual([
        ['warning', expect.stringContaining(`script:${line}: `)],
      ]);
    },
  );

  it.each(mistakes)('in a file is refused whole, before the run begins: %j', async (text, line, said) => {
    const error: unknown = await opened(text).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code: 'USAGE', exitCode: 2, at: { line } });
    expect(messageOf(error)).toContain(said);
  });

  it('in a file may have values that hang on the lines before', async () => {
    const lines =
      '# all of it\nwait measuring\nrate max\nrate 5k\nrate *2\nrate +10%\nlinger -1ms\nbatch-size 2MiB\nbatch-size -1MiB\nproducers 4000\nproducers -3999\n\nwait 5s\nquit\n';
    const script = await opened(lines);
    const session = new FakeSession();
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await runScript(session, { ...script, input: ['rate 5k', 'quit', 'fresh'] });
    expect(session.asked).toEqual(['rate 5000 true', 'stop quit']);
  });

  it('that is not there is refused before the run begins', async () => {
    await expect(openScript('/nowhere/script', fakeView())).rejects.toMatchObject({ code: 'FILE', exitCode: 2 });
  });
});
