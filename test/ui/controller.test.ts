import { describe, expect, it } from 'vitest';
import type { Controller } from '../../source/ui/controller.ts';
import { controllerOf } from './controller-of.ts';
import { type FakeControl, fakeControl, fakeKnobs, fakeNowMs, fakeView } from './fake-view.ts';

interface Driven {
  readonly controller: Controller;
  readonly control: FakeControl;
  readonly clock: { ms: number };
  /** Key names, blanks between them, each a read of its own. */
  press(names: string): void;
  /** Types text and ⏎. */
  type(text: string): void;
}

function drive(): Driven {
  const control = fakeControl();
  const clock = { ms: 0 };
  const controller = controllerOf(control, { interrupt: () => control.stop('interrupt'), now: () => clock.ms });
  controller.take(fakeView());
  return {
    controller,
    control,
    clock,
    press: (names) => {
      for (const name of names.split(' ')) {
        controller.keys([name]);
      }
    },
    type: (text) => controller.keys([...[...text].map((char) => (char === ' ' ? 'space' : char)), 'return']),
  };
}

describe('knobs', () => {
  it.each([
    ['r', 'setKnob rate 45000'],
    ['R', 'setKnob rate 55000'],
    ['b', 'setKnob batchSize 32768'],
    ['B', 'setKnob batchSize 131072'],
    ['l', 'setKnob lingerMs 2'],
    ['L', 'setKnob lingerMs 10'],
    ['p', 'setKnob producers 3'],
    ['P', 'setKnob producers 6'],
    ['c', 'setKnob consumers 1'],
    ['C', 'setKnob consumers 3'],
    ['m', 'setKnob messageSize 64'],
    ['M', 'setKnob messageSize 128'],
    ['left', 'setKnob rate 45000'],
    ['right', 'setKnob rate 55000'],
    ['shift-left', 'setKnob rate 49500'],
    ['shift-right', 'setKnob rate 50500'],
    ['down right', 'setKnob batchSize 131072'],
    ['j j left', 'setKnob lingerMs 2'],
  ])('%s', (keys, call) => {
    const { control, press } = drive();
    press(keys);
    expect(control.calls).toEqual([call]);
  });

  it('step on from what was asked before the next picture comes', () => {
    const { control, press, controller } = drive();
    press('r r');
    expect(control.calls).toEqual(['setKnob rate 45000', 'setKnob rate 41000']);
    controller.take(fakeView({ knobs: fakeKnobs({ rate: { requested: 7000 } }) }));
    press('r');
    expect(control.calls.at(-1)).toBe('setKnob rate 6300');
  });

  it('go up at most four times a second, and down as often as asked', () => {
    const { control, press, clock } = drive();
    press('R R R R R R R');
    expect(control.calls).toHaveLength(4);
    press('r r r r r r r r');
    expect(control.calls).toHaveLength(12);
    clock.ms += 1001;
    press('R');
    expect(control.calls).toHaveLength(13);
  });

  it('take upward repeats of one read as one', () => {
    const { control, controller } = drive();
    controller.keys(['R', 'R', 'R']);
    expect(control.calls).toHaveLength(1);
    controller.keys(['r', 'r', 'r']);
    expect(control.calls).toHaveLength(4);
  });

  it('say where they end', () => {
    const { control, press, controller } = drive();
    controller.take(fakeView({ knobs: fakeKnobs({ rate: { requested: null } }) }));
    press('R');
    expect(control.calls).toEqual([]);
    expect(controller.state.notice?.text).toMatch(/has no limit/);
  });

  it('take a typed value, exactly', () => {
    const { control, press, type, controller } = drive();
    press('return');
    expect(controller.state.prompt).toMatchObject({ kind: 'knob', name: 'rate' });
    type('58.7k');
    expect(control.calls).toEqual(['setKnob rate 58700']);
    expect(controller.state.prompt).toBeNull();
    press('down return');
    type('64 KB');
    expect(control.calls).toHaveLength(1);
    expect(controller.state.notice?.text).toMatch(/64KiB/);
  });

  it('ask back and take a second ⏎ for a yes', () => {
    const { control, press, controller } = drive();
    const question = { kind: 'confirm', question: '50 k/s → 5.00 M/s is × 100.' } as const;
    control.answers.push(question, { kind: 'done', message: 'ok' }, question);
    press('R');
    expect(controller.state.prompt).toMatchObject({ kind: 'confirm', question: question.question });
    press('return');
    expect(control.calls).toEqual(['setKnob rate 55000', 'setKnob rate 55000 confirmed']);
    press('r escape');
    expect(control.calls).toHaveLength(3);
    expect(controller.state.prompt).toBeNull();
    expect(controller.state.expanded).toBeNull();
  });

  it('show a refusal', () => {
    const { control, press, controller } = drive();
    control.answers.push({ kind: 'refused', message: 'codecs are not built yet' });
    press('z down return');
    expect(control.calls).toEqual(['setKnob compression gzip']);
    expect(controller.state.notice).toMatchObject({ text: 'codecs are not built yet', tone: 'warn' });
  });
});

describe('hints', () => {
  const evidence = 'a batch waits 5 ms';
  const suggestion = { knob: 'lingerMs', from: 5, to: 0 } as const;
  const hint = { timeMs: 0, name: 'batching-bound', evidence, suggestion };

  it('i asks about what the worst one suggests that knows a knob, and ⏎ turns the knob', () => {
    const { controller, control, press } = drive();
    controller.take(fakeView({ hints: [{ ...hint, name: 'quota', suggestion: null }, hint] }));
    press('i');
    expect(controller.state.prompt).toEqual({ kind: 'suggestion', hint: 'batching-bound', suggestion });
    expect(control.calls).toEqual([]);
    press('return');
    expect(controller.state.prompt).toBeNull();
    expect(control.calls).toEqual(['setKnob lingerMs 0']);
  });

  it.each(['escape', 'i', 'x'])('%s does not', (key) => {
    const { controller, control, press } = drive();
    controller.take(fakeView({ hints: [hint] }));
    press(`i ${key}`);
    expect(controller.state.prompt).toBeNull();
    expect(control.calls).toEqual([]);
  });

  it('asks once more where the session does', () => {
    const { controller, control, press } = drive();
    controller.take(fakeView({ hints: [hint] }));
    control.answers.push({ kind: 'confirm', question: 'really?' });
    press('i return');
    expect(controller.state.prompt).toMatchObject({ kind: 'confirm', question: 'really?' });
    press('return');
    expect(control.calls).toEqual(['setKnob lingerMs 0', 'setKnob lingerMs 0 confirmed']);
  });

  it.each([
    ['there is none', [], 'there is no hint'],
    ['no knob helps', [{ ...hint, name: 'quota', suggestion: null }], 'quota: no knob helps'],
  ])('says so where %s', (_, hints, text) => {
    const { controller, press } = drive();
    controller.take(fakeView({ hints }));
    press('i');
    expect(controller.state.notice).toMatchObject({ text });
  });
});

describe('choosers', () => {
  it('open on the present value and change nothing by themselves', () => {
    const { control, press, controller } = drive();
    press('a');
    expect(controller.state.prompt).toEqual({ kind: 'chooser', name: 'acks', index: 1 });
    press('a a down down down');
    expect(controller.state.prompt).toEqual({ kind: 'chooser', name: 'acks', index: 2 });
    press('escape');
    expect(control.calls).toEqual([]);
    press('a up return');
    expect(control.calls).toEqual(['setKnob acks 0']);
  });

  it('swallow what is not theirs, in one read or in many; esc and ctrl-c stay', () => {
    const { control, press, controller } = drive();
    press('z');
    const open = controller.state.prompt;
    expect(open).toMatchObject({ kind: 'chooser', name: 'compression' });
    const others = [...'rRbBlLpPcCmMazxufeivsqng?:/.123456+-<>', 'space', 'backspace', 'tab', 'pageup'];
    press(others.join(' '));
    controller.keys(others);
    expect(controller.state).toMatchObject({ prompt: open, help: false, frozen: null, focus: 'knobs' });
    expect(control.calls).toEqual([]);
    press('ctrl-c');
    expect(control.calls).toEqual(['stop interrupt']);
    press('escape');
    expect(controller.state.prompt).toBeNull();
  });

  it('open from the selected knob as well', () => {
    const { press, controller } = drive();
    press('j j j j j return');
    expect(controller.state.prompt).toMatchObject({ kind: 'chooser', name: 'acks' });
  });
});

describe('the load', () => {
  it('pauses and resumes', async () => {
    const { control, press, controller } = drive();
    press('space');
    controller.take(fakeView({ paused: true }));
    press('space');
    expect(control.calls).toEqual(['pauseLoad', 'resumeLoad']);
    await expect.poll(() => controller.state.notice?.text).toBe('did resumeLoad');
  });

  it.each([
    ['backspace', 'backOff'],
    ['u', 'undo'],
    ['x', 'freshFigures'],
    ['q', 'stop quit'],
    ['ctrl-c', 'stop interrupt'],
  ])('%s calls %s', (key, call) => {
    const { control, press } = drive();
    press(key);
    expect(control.calls).toEqual([call]);
  });

  it('is not suspended by ctrl-z, and the operator told why', () => {
    const { control, press, controller } = drive();
    press('ctrl-z');
    expect(control.calls).toEqual([]);
    expect(controller.state.notice?.text).toContain('measures nothing. space pauses');
  });

  it('is interrupted from anywhere, and again', () => {
    const { control, press } = drive();
    press(': ctrl-c ctrl-c');
    expect(control.calls).toEqual(['stop interrupt', 'stop interrupt']);
  });

  it('saves and shows where; a failed save is told', async () => {
    const { control, press, controller } = drive();
    control.answers.push({ kind: 'done', message: 'saved to ./topic-20261121-120431.json' });
    press('s');
    expect(control.calls).toEqual(['save null false']);
    await expect.poll(() => controller.state.notice?.text).toBe('saved to ./topic-20261121-120431.json');
    const failing = controllerOf({ ...fakeControl(), save: () => Promise.reject(new Error('disk full')) });
    failing.keys(['s']);
    await expect.poll(() => failing.state.notice?.text).toBe('disk full');
  });

  it('knows that somebody is there', () => {
    const { control, press } = drive();
    press('j k y 1');
    expect(control.attended).toBe(4);
  });
});

describe('the view', () => {
  it('freezes a picture while others come, and thaws', () => {
    const { press, controller } = drive();
    press('f');
    const frozen = controller.state.frozen;
    controller.take(fakeView({ nowMs: fakeNowMs + 5000 }));
    expect(frozen?.nowMs).toBe(fakeNowMs);
    expect(controller.state.frozen).toBe(frozen);
    expect(controller.view?.nowMs).toBe(fakeNowMs + 5000);
    press('f');
    expect(controller.state.frozen).toBeNull();
    press('f escape');
    expect(controller.state.frozen).toBeNull();
  });

  it('looks anew for each key of one read', () => {
    const control = fakeControl();
    const controller: Controller = controllerOf(control, {
      look: () => controller.take(fakeView({ paused: control.calls.at(-1) === 'pauseLoad' })),
    });
    controller.keys(['space', 'space', 'space']);
    expect(control.calls).toEqual(['pauseLoad', 'resumeLoad', 'pauseLoad']);
  });

  it('says whether anything of a new picture is seen', () => {
    const { press, controller } = drive();
    expect(controller.take(fakeView({ nowMs: fakeNowMs + 250 }))).toBe(true);
    press('f');
    expect(controller.take(fakeView({ nowMs: fakeNowMs + 500, ackedRate: 1 }))).toBe(false);
    expect(controller.take(fakeView({ paused: true }))).toBe(true);
    expect(controller.take(fakeView({ paused: true }))).toBe(false);
    expect(controller.take(fakeView({ paused: true, phase: 'draining' }))).toBe(true);
    expect(controller.take(fakeView({ paused: true }))).toBe(true);
    expect(controller.take(fakeView({ banners: [{ kind: 'cluster-away', text: 'away' }] }))).toBe(true);
    expect(controller.take(fakeView({ banners: [{ kind: 'cluster-away', text: 'away since' }] }))).toBe(true);
    expect(controller.take(fakeView())).toBe(true);
    expect(controller.take(fakeView())).toBe(false);
    press('f');
    expect(controller.take(fakeView())).toBe(true);
  });

  it('steps from the live value while frozen', () => {
    const { control, press, controller } = drive();
    press('f');
    controller.take(fakeView({ knobs: fakeKnobs({ rate: { requested: 1000 } }) }));
    press('R');
    expect(control.calls).toEqual(['setKnob rate 1100']);
  });

  it('moves the focus', () => {
    const { press, controller } = drive();
    expect(controller.state.focus).toBe('knobs');
    press('tab');
    expect(controller.state.focus).toBe('machine');
    press('shift-tab shift-tab');
    expect(controller.state).toMatchObject({ focus: 'latency', chart: 'latency' });
    press('1');
    expect(controller.state).toMatchObject({ focus: 'throughput', chart: 'throughput' });
    press('shift-tab');
    expect(controller.state.focus).toBe('events');
  });

  it('expands a panel and comes back', () => {
    const { press, controller } = drive();
    press('2 v');
    expect(controller.state.expanded).toBe('latency');
    press('5');
    expect(controller.state.expanded).toBe('lag');
    press('v');
    expect(controller.state.expanded).toBeNull();
    press('v escape');
    expect(controller.state.expanded).toBeNull();
  });

  it('scrolls lists no further than they go', () => {
    const { press, controller } = drive();
    press('5 down down pagedown');
    expect(controller.state.lagScroll).toBe(12);
    press('pagedown pagedown');
    expect(controller.state.lagScroll).toBe(15);
    press('pageup pageup pageup up');
    expect(controller.state.lagScroll).toBe(0);
    press('6 pagedown');
    expect(controller.state.eventScroll).toBe(4);
  });

  it('zooms and scrolls the time axis', () => {
    const { press, controller } = drive();
    const { zoom } = controller.state;
    press('-');
    expect(controller.state.zoom).toBe(zoom + 1);
    press('+ +');
    expect(controller.state.zoom).toBe(zoom - 1);
    press('] ] [');
    expect(controller.state.zoom).toBe(1);
    press('< {');
    expect(controller.state.timeScroll).toBe(20);
    press('> } }');
    expect(controller.state.timeScroll).toBe(0);
    press('2 left');
    expect(controller.state.timeScroll).toBe(10);
    press('escape');
    expect(controller.state.timeScroll).toBe(0);
  });

  it('cycles the latency chart', () => {
    const { press, controller } = drive();
    const seen = [1, 2, 3, 4].map(() => {
      press('e');
      return controller.state.latencyTag;
    });
    expect(seen).toEqual(['service', 'slip', 'e2e', 'response']);
  });

  it('filters events until esc', () => {
    const { press, type, controller } = drive();
    press('/');
    type('rate');
    expect(controller.state).toMatchObject({ filter: 'rate', prompt: null });
    press('escape');
    expect(controller.state.filter).toBe('');
    press('/ r');
    expect(controller.state.filter).toBe('r');
    press('escape');
    expect(controller.state).toMatchObject({ filter: '', prompt: null });
  });

  it('opens help, scrolls it and closes it', () => {
    const { control, press, controller } = drive();
    press('? down down right return');
    expect(controller.state).toMatchObject({ help: true, helpScroll: 2 });
    press('escape');
    expect(controller.state.help).toBe(false);
    press('? q');
    expect(controller.state.help).toBe(false);
    expect(control.calls).toEqual([]);
  });
});

describe('the command line', () => {
  it.each([
    [':rate 50k', 'setKnob rate 50000'],
    [':rate *2', 'setKnob rate 100000'],
    [':pause consumers', 'pauseConsumers'],
    [':save out.json', 'save out.json false'],
    [':back-off', 'backOff'],
    [':quit', 'stop quit'],
  ])('%s', (text, call) => {
    const { control, type } = drive();
    type(text);
    expect(control.calls).toEqual([call]);
  });

  it('takes a whole line that comes in one read', () => {
    const { control, controller } = drive();
    controller.keys([...':rate', 'space', ...'60k', 'return', 'r']);
    expect(control.calls).toEqual(['setKnob rate 60000', 'setKnob rate 54000']);
  });

  it('completes', () => {
    const { press, controller } = drive();
    press(': l tab');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'linger ', cursor: 7 } });
    press('escape : c o tab');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'co' } });
    press('m tab a c k s'.split(' ').slice(0, 2).join(' '));
    expect(controller.state.prompt).toMatchObject({ line: { text: 'compression ' } });
    press('z tab');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'compression zstd ' } });
    press('escape : s w tab l i tab');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'sweep linger=' } });
  });

  it('recalls', () => {
    const { press, type, controller } = drive();
    type(':rate 1k');
    type(':linger 5ms');
    press(': up');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'linger 5ms' } });
    press('up up');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'rate 1k' } });
    press('down down');
    expect(controller.state.prompt).toMatchObject({ line: { text: '' } });
  });

  it('edits', () => {
    const { control, press } = drive();
    press(': r a t e space 9 0 k left left backspace 5 home end return');
    expect(control.calls).toEqual(['setKnob rate 50000']);
  });

  it('tells what it does not know, and keeps it for ↑', () => {
    const { control, press, type, controller } = drive();
    type(':rte 5');
    expect(control.calls).toEqual([]);
    expect(controller.state.notice?.text).toMatch(/did you mean :rate/);
    press(': up');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'rte 5' } });
  });

  it('sets theme and graph style of the screen', () => {
    const { type, controller } = drive();
    type(':theme mono');
    type(':graph braille');
    expect(controller.state).toMatchObject({ theme: 'mono', graph: 'braille' });
    type(':theme neon');
    expect(controller.state).toMatchObject({ theme: 'mono' });
    expect(controller.state.notice?.text).toMatch(/no theme "neon": default/);
  });

  it('opens the help at its commands, and takes away what was said before', () => {
    const { type, press, controller } = drive();
    type(':rote 5');
    expect(controller.state.notice?.tone).toBe('warn');
    type(':help');
    expect(controller.state).toMatchObject({ help: true, helpFirst: 'commands', notice: null });
    press('escape ?');
    expect(controller.state).toMatchObject({ help: true, helpFirst: 'keys' });
  });

  it('asks again before it overwrites', async () => {
    const { control, type, press, controller } = drive();
    control.answers.push({ kind: 'confirm', question: 'out.json is there already.' });
    type(':save out.json');
    await expect.poll(() => controller.state.prompt?.kind).toBe('confirm');
    press('return');
    expect(control.calls).toEqual(['save out.json false', 'save out.json true']);
  });
});

describe('pasting', () => {
  it('counts only in a prompt, its first line, without control characters', () => {
    const { control, press, controller } = drive();
    controller.paste('rrrr q');
    expect(control.calls).toEqual([]);
    expect(controller.state.prompt).toBeNull();
    press(':');
    controller.paste('rate \u001B[31m50k\nquit');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'rate [31m50k' } });
    press('escape a');
    controller.paste('x');
    expect(controller.state.prompt).toMatchObject({ kind: 'chooser' });
  });
});

describe('before anything has come', () => {
  it('survives every key', () => {
    const control = fakeControl();
    const controller = controllerOf(control);
    controller.keys(['R', 'left', 'return', '5', 'return', 'a', 'escape', 'f', 'down', 'v', 'e', '/', 'x', 'escape']);
    controller.keys([':', 'r', 'a', 't', 'e', 'space', '*', '2', 'return']);
    expect(control.calls).toEqual(['setKnob rate 5']);
  });
});
