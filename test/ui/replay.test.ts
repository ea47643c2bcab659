import { describe, expect, it } from 'vitest';
import type { ReplayView, SessionView } from '../../source/session/view.ts';
import { Controller } from '../../source/ui/controller.ts';
import { drawFrame, frameLines } from '../../source/ui/frame.ts';
import { createPaint } from '../../source/ui/paint.ts';
import { actionIn, shownKeys } from '../../source/ui/replay-keys.ts';
import { initialState } from '../../source/ui/state.ts';
import { searchOver } from './fake-search.ts';
import { fakeControl, fakePlayback, fakeView } from './fake-view.ts';

const replay: ReplayView = { positionMs: 102_000, lengthMs: 252_000, speed: 1, playing: true };

function lines(columns: number, rows: number, changes: Partial<ReplayView> = {}, help = false): readonly string[] {
  return frameLines(
    drawFrame({
      columns,
      rows,
      view: fakeView({ replay: { ...replay, ...changes } }),
      state: { ...initialState('default', 'block'), help },
      paint: createPaint('default', false),
      ascii: false,
      nowMs: 0,
    }),
  ).map((line) => line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), ''));
}

function driven(changes: Partial<SessionView> = {}) {
  const playback = fakePlayback();
  const control = fakeControl();
  let looks = 0;
  const controller = new Controller({
    control,
    playback,
    interrupt: () => control.stop('interrupt'),
    state: initialState('default', 'block'),
    now: () => 0,
    look: () => {
      looks++;
      controller.take(fakeView({ replay, ...changes }));
    },
    panelAt: () => null,
    changed: () => {},
    redraw: () => {},
  });
  return { controller, control, playback, looks: () => looks };
}

describe('the header of a replay', () => {
  it.each([
    [120, 30],
    [160, 45],
    [80, 24],
  ])('on %d × %d names it and the position, as wide at any of them', (columns, rows) => {
    const [first] = lines(columns, rows);
    expect(first).toMatch(/ REPLAY +● measuring 01:42 of 04:12 ×1 /);
    const places = (changes: Partial<ReplayView>) => lines(columns, rows, changes)[0]?.indexOf(' of 04:12');
    expect(places({ positionMs: 3000, speed: 0.5 })).toBe(first?.indexOf(' of 04:12'));
    expect(lines(columns, rows, { playing: false })[0]).toContain('REPLAY HALTED');
  });

  it('says hours where the session has them', () => {
    expect(lines(120, 30, { lengthMs: 3_700_000 })[0]).toContain('● measuring   01:42 of 1:01:40');
  });
});

describe('the keys of a replay', () => {
  it.each([
    ['space', 'toggle'],
    ['f', 'toggle'],
    ['left', 'seekBy -5000'],
    ['right', 'seekBy 5000'],
    ['shift-left', 'seekBy -1000'],
    ['shift-right', 'seekBy 1000'],
    ['<', 'seekBy -30000'],
    ['>', 'seekBy 30000'],
    ['home', 'seekTo start'],
    ['end', 'seekTo end'],
    ['[', 'changeSpeed -1'],
    [']', 'changeSpeed 1'],
  ])('%s: %s, and looks at once', (key, call) => {
    const { controller, control, playback, looks } = driven();
    controller.keys([key]);
    expect(playback.calls).toEqual([call]);
    expect(control.calls).toEqual([]);
    expect(looks()).toBe(2);
  });

  it('count each time, in one read too', () => {
    const { controller, playback } = driven();
    controller.keys(['right', 'right', 'right']);
    expect(playback.calls).toHaveLength(3);
  });

  it('leave the rest to the view, refuse knobs with a word, and end', () => {
    const { controller, control, playback } = driven();
    control.answers.push({ kind: 'refused', message: 'this is a replay' });
    controller.keys(['-', '{', 'e', 'R']);
    expect(controller.state).toMatchObject({ zoom: 2, timeScroll: 10, latencyTag: 'service' });
    expect(controller.state.notice).toMatchObject({ text: 'this is a replay', tone: 'warn' });
    controller.keys(['q']);
    controller.keys(['ctrl-c']);
    expect(control.calls.slice(1)).toEqual(['stop quit', 'stop interrupt']);
    expect(playback.calls).toEqual([]);
  });

  it('are typed into a prompt where one is open', () => {
    const { controller, playback } = driven();
    controller.keys(['/', 'f', 'space', '[', 'home', 'x']);
    expect(controller.state.prompt).toMatchObject({ line: { text: 'xf [' } });
    expect(playback.calls).toEqual([]);
  });

  it('are what footer and help show: none twice, and none that needs a load', () => {
    const table = shownKeys(true);
    const names = table.flatMap(({ keys }) => keys.map(([name]) => name));
    expect(new Set(names).size).toBe(names.length);
    for (const row of table) {
      expect(row.asciiLabel).toMatch(/^[ -~]+$/);
      for (const [name, action] of row.keys) expect(actionIn(true, name)).toEqual(action);
    }
    const footer = lines(160, 45).at(-1);
    expect(footer).toMatch(/^ space halt .* q quit *$/);
    expect(footer).not.toMatch(/back off|undo|fresh|save/);
    const help = lines(160, 60, {}, true).join('\n');
    for (const { help: words } of table) expect(help).toContain(words);
    expect(help).not.toContain('linger down, up');
  });

  it('bring a scrolled axis back as it says', () => {
    const { controller } = driven();
    controller.keys(['{']);
    const frame = (replayed: boolean) =>
      frameLines(
        drawFrame({
          columns: 120,
          rows: 30,
          view: fakeView(replayed ? { replay } : {}),
          state: controller.state,
          paint: createPaint('default', false),
          ascii: false,
          nowMs: 0,
        }),
      ).join('');
    expect(frame(true)).toContain('back: } or esc');
    expect(frame(false)).toContain('back: > or esc');
    controller.keys(['}']);
    expect(controller.state.timeScroll).toBe(0);
  });

  it('choose the curves of other searches, as ← → do where there is a load', () => {
    const { controller } = driven(searchOver);
    controller.keys(['7', 'up']);
    expect(controller.state.curve).toBe(1);
    controller.keys(['k', 'k']);
    expect(controller.state.curve).toBe(0);
    controller.keys(['down', 'j', 'j']);
    expect(controller.state.curve).toBe(2);
  });

  it('leave those of a live session alone', () => {
    expect(actionIn(false, 'space')).toEqual({ kind: 'pause' });
    expect(actionIn(false, 'home')).toBeUndefined();
  });
});
