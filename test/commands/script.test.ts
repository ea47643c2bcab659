import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openScript, runScript, type ScriptedSession } from '../../source/commands/script.ts';
import { messageOf } from '../../source/errors.ts';
import type { ControlAnswer, Phase, SessionView } from '../../source/session/view.ts';
import { fakeView } from '../ui/fake-view.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A session that notes what is asked of it. */
class FakeSession implements ScriptedSession {
  phase: Phase = 'measuring';
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
    save: async (path, force) => this.#done(`save ${path} ${force}`),
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

  it.each([
    ['rate 5k\nraet 6k\n', 2, 'did you mean :rate?'],
    ['wait soon\n', 1, '"soon"'],
    ['rate\n', 1, ':rate needs a value'],
  ])('that cannot be understood says where: %j', async (text, line, message) => {
    const error: unknown = await run(text).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code: 'USAGE', exitCode: 2, at: { file: 'script', line } });
    expect(messageOf(error)).toContain(message);
  });

  it('that is not there is refused before the run begins', async () => {
    await expect(openScript('/nowhere/script')).rejects.toMatchObject({ code: 'FILE', exitCode: 2 });
  });
});
