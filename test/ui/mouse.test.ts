import { describe, expect, it } from 'vitest';
import { Controller } from '../../source/ui/controller.ts';
import { drawFrame, type Frame, frameLines, panelAt } from '../../source/ui/frame.ts';
import { createKeyReader, keyNames } from '../../source/ui/key-press.ts';
import { type PanelId, panelIds } from '../../source/ui/layout.ts';
import { mouseAction, mouseNames } from '../../source/ui/mouse.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { initialState, type ScreenState } from '../../source/ui/state.ts';
import { withFocus } from '../../source/ui/upper.ts';
import { fakeControl, fakeEvent, fakeNowMs, fakeView } from './fake-view.ts';

const events = Array.from({ length: 40 }, (_, index) =>
  fakeEvent({ timeMs: fakeNowMs - index, message: `event ${index}` }),
);
const view = fakeView({ events });

function frameOf(columns: number, rows: number, state: ScreenState): Frame {
  return drawFrame({ columns, rows, view, state, paint: createPaint('default', false), ascii: false, nowMs: 0 });
}

const arrows = { upArrow: false, downArrow: false, leftArrow: false, rightArrow: false };
const ends = { pageUp: false, pageDown: false, home: false, end: false };
const edits = { return: false, escape: false, tab: false, backspace: false, delete: false };
const key = { ...arrows, ...ends, ...edits, shift: false, ctrl: false, meta: false };

function strip(painted: string): string {
  return painted.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
}

describe('reports of the mouse', () => {
  it.each<[string, readonly string[] | null]>([
    ['[<0;13;6M', ['click 12 5']],
    ['[<0;13;6m', []],
    ['[<4;1;1M', ['click 0 0']],
    ['[<2;13;6M', []],
    ['[<32;13;6M', []],
    ['[<64;200;60M', ['wheel-up 199 59']],
    ['[<65;1;1M', ['wheel-down 0 0']],
    ['[<81;1;1M', ['wheel-down 0 0']],
    ['[<0;13M', null],
    ['[A', null],
    ['r', null],
  ])('%s: %j', (input, names) => {
    expect(mouseNames(input)).toEqual(names);
  });

  it('come as names among those of keys', () => {
    expect(keyNames('[<0;13;6M', key)).toEqual(['click 12 5']);
    expect(mouseAction('click 12 5')).toEqual({ kind: 'click', column: 12, row: 5 });
    expect(mouseAction('wheel-up 12 5')).toEqual({ kind: 'wheel', delta: -1, column: 12, row: 5 });
    expect(['r', 'space', 'shift-left', 'a b c'].map(mouseAction)).toEqual([null, null, null, null]);
  });
});

describe('reports that come in pieces', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['[<64;80', ';24M'], ['wheel-up 79 23']],
    [
      ['[', '<64;80;24M'],
      ['[', 'wheel-up 79 23'],
    ],
    [['[<', '64;80;24M'], ['wheel-up 79 23']],
    [['[<64;80;24', 'M'], ['wheel-up 79 23']],
    [['[<64', ';80', ';24', 'm', 'M'], ['M']],
    [
      ['[<0;80;24', 'Mr'],
      ['click 79 23', 'r'],
    ],
    // The rest is lost.
    [['[<64;80', 'r'], ['r']],
    [['[<64;80', '[<65', ';80;24M'], ['wheel-down 79 23']],
    [['[<64;80', 'Mr'], ['r']],
    [
      ['[<64;80', '', '5'],
      ['up', '5'],
    ],
    [['[<64;80;24', '[<64;80;24M'], ['wheel-up 79 23']],
    [
      ['<', '5', '[', ']'],
      ['<', '5', '[', ']'],
    ],
  ])('%j: %j', (inputs, names) => {
    const read = createKeyReader();
    expect(inputs.flatMap((input) => read(input, { ...key, upArrow: input === '' }))).toEqual(names);
  });

  it('never hold back more than a report is long', () => {
    const read = createKeyReader();
    const digits = Array.from({ length: 40 }, () => '5');
    expect(read('[<6', key)).toEqual([]);
    expect(digits.flatMap((digit) => read(digit, key)).length).toBeGreaterThan(20);
  });
});

describe('the panel of a cell', () => {
  const titles: Readonly<Record<PanelId, RegExp>> = {
    throughput: /Throughput/,
    latency: /Response/,
    knobs: /Knobs/,
    machine: /This machine/,
    lag: /Lag /,
    events: /Events/,
    curve: /by msg\/s/,
    steps: /Steps/,
  };

  it.each([
    [120, 30],
    [160, 45],
    [113, 31],
  ])('is that whose title stands there: %d × %d', (columns, rows) => {
    for (const id of panelIds) {
      const frame = frameOf(columns, rows, withFocus(initialState('default', 'block'), id));
      const lines = frameLines(frame).map(strip);
      const row = lines.findIndex((line) => titles[id].test(line));
      const column = lines[row]?.search(titles[id]) ?? -1;
      expect(panelAt(frame, column, row), id).toBe(id);
      expect(panelAt(frame, column, row + 2), id).toBe(id);
    }
    const frame = frameOf(columns, rows, initialState('default', 'block'));
    expect(panelAt(frame, 5, 0)).toBeNull();
    expect(panelAt(frame, 5, rows - 1)).toBeNull();
    expect(panelAt(frame, columns + 5, rows + 5)).toBeNull();
  });

  it('tells machine and lag apart where they share a box', () => {
    const frame = frameOf(80, 24, initialState('default', 'block'));
    const lines = frameLines(frame).map(strip);
    const at = (pattern: RegExp) =>
      panelAt(
        frame,
        60,
        lines.findIndex((line) => pattern.test(line)),
      );
    expect([at(/This machine, lag/), at(/CPU/), at(/part 7/), at(/event \d/)]).toEqual([
      'machine',
      'machine',
      'lag',
      'events',
    ]);
  });
});

function driven(columns = 120, rows = 30) {
  const clock = { ms: 0 };
  const control = fakeControl();
  const controller: Controller = new Controller({
    control,
    playback: null,
    interrupt: () => {},
    state: initialState('default', 'block', true),
    now: () => clock.ms,
    look: () => {},
    panelAt: (column, row) => panelAt(frameOf(columns, rows, controller.state), column, row),
    changed: () => {},
    redraw: () => {},
  });
  controller.take(view);
  const press = (...names: readonly string[]) => controller.keys(names);
  return { controller, control, clock, press };
}

// On 120 × 30: the latency chart and the events.
const onLatency = '80 6';
const onEvents = '10 25';

describe('a click', () => {
  it('focuses a panel; a second one expands it, and brings it back', () => {
    const { controller, press } = driven();
    press(`click ${onLatency}`);
    expect(controller.state).toMatchObject({ focus: 'latency', expanded: null });
    press(`click ${onLatency}`);
    expect(controller.state).toMatchObject({ focus: 'latency', expanded: 'latency' });
    press(`click ${onLatency}`);
    expect(controller.state.expanded).toBe('latency');
    press(`click ${onLatency}`);
    expect(controller.state.expanded).toBeNull();
  });

  it('is alone where another comes late, or elsewhere', () => {
    const { controller, press, clock } = driven();
    press(`click ${onLatency}`);
    clock.ms += 600;
    press(`click ${onLatency}`);
    expect(controller.state.expanded).toBeNull();
    press(`click ${onEvents}`, `click ${onLatency}`);
    expect(controller.state).toMatchObject({ focus: 'latency', expanded: null });
  });

  it('is no answer to a question, nor one beside all panels', () => {
    const { controller, press, control } = driven();
    press('a', `click ${onLatency}`, `click ${onLatency}`);
    expect(controller.state).toMatchObject({ focus: 'knobs', expanded: null, prompt: { kind: 'chooser' } });
    press('escape', 'click 5 0');
    expect(controller.state).toMatchObject({ focus: 'knobs', prompt: null });
    expect(control.calls).toEqual([]);
  });
});

describe('the wheel', () => {
  it('scrolls what it is over, wherever the focus is', () => {
    const { controller, press, control } = driven();
    press(`wheel-down ${onEvents}`, `wheel-down ${onEvents}`);
    expect(controller.state).toMatchObject({ eventScroll: 6, focus: 'knobs' });
    press(`wheel-up ${onEvents}`);
    expect(controller.state.eventScroll).toBe(3);
    press(`wheel-up ${onLatency}`);
    expect(controller.state.timeScroll).toBe(10);
    press(`wheel-down ${onLatency}`);
    expect(controller.state.timeScroll).toBe(0);
    press('wheel-down 10 15');
    expect(controller.state.knobIndex).toBe(0);
    press('?', 'wheel-down 10 15');
    expect(controller.state.helpScroll).toBe(3);
    expect(control.calls).toEqual([]);
  });
});

describe(':mouse', () => {
  it('is switched on and off', () => {
    const { controller, press } = driven();
    const type = (text: string) => press(...[...text].map((one) => (one === ' ' ? 'space' : one)), 'return');
    type(':mouse off');
    expect(controller.state.mouse).toBe(false);
    type(':mouse on');
    expect(controller.state.mouse).toBe(true);
    type(':mouse maybe');
    expect(controller.state).toMatchObject({ mouse: true, notice: { text: ':mouse is on or off' } });
  });
});
