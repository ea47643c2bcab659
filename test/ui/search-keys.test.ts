import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../source/session/view.ts';
import { findLine, rampLine, takesText } from '../../source/ui/asks.ts';
import { shownSweep } from '../../source/ui/panels/sweep-table.ts';
import { shownPanels } from '../../source/ui/upper.ts';
import { fakeSweep } from '../session/support/fake-sweep.ts';
import { controllerOf } from './controller-of.ts';
import { fakeSearch, searchOver, searchUnderWay } from './fake-search.ts';
import { fakeControl, fakeKnobs, fakePlan, fakeView } from './fake-view.ts';

function drive(view: Partial<SessionView> = {}) {
  const control = fakeControl();
  const controller = controllerOf(control);
  controller.take(fakeView(view));
  return {
    control,
    controller,
    take: (next: Partial<SessionView>) => controller.take(fakeView(next)),
    press: (names: string) => {
      for (const name of names.split(' ')) controller.keys([name]);
    },
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

const pausedTwice = [
  { kind: 'paused', text: '' },
  { kind: 'consumers-paused', text: '' },
] as const;
const ramp = { kind: 'ramp', title: 'ramp', progress: '', detail: '' } as const;

describe('the upper part', () => {
  it('changes over when a search begins, and back when its card is put away', () => {
    const { controller, take } = drive();
    expect(controller.state.upper).toBe('time');
    take(searchUnderWay);
    expect(controller.state.upper).toBe('search');
    take(searchOver);
    expect(controller.state.upper).toBe('search');
    take({ searches: searchOver.searches });
    expect(controller.state.upper).toBe('time');
  });

  it('is the operator’s in between: by a key of its own, and by those of the panels', () => {
    const { controller, press, take } = drive(searchUnderWay);
    press('t');
    expect(controller.state.upper).toBe('time');
    take(searchUnderWay);
    expect(controller.state.upper).toBe('time');
    press('t');
    expect(controller.state.upper).toBe('search');
    press('1');
    expect(controller.state).toMatchObject({ upper: 'time', focus: 'throughput', chart: 'throughput' });
    press('8');
    expect(controller.state).toMatchObject({ upper: 'search', focus: 'steps', picture: 'steps' });
    press('t');
    expect(controller.state.focus).toBe('latency');
    press('e');
    expect(controller.state).toMatchObject({ upper: 'time', latencyTag: 'service' });
  });

  it('keeps the focus on what is on the screen', () => {
    const { controller, press, take } = drive();
    press('2');
    take(searchUnderWay);
    expect(controller.state.focus).toBe('steps');
    expect(shownPanels(controller.state)).toEqual(['curve', 'steps', 'knobs', 'machine', 'lag', 'events']);
    press('tab tab tab tab tab');
    expect(controller.state.focus).toBe('curve');
    press('shift-tab');
    expect(controller.state.focus).toBe('events');
  });

  it('leaves a panel that is expanded alone', () => {
    const { controller, press, take } = drive();
    press('2 v');
    take(searchUnderWay);
    expect(controller.state).toMatchObject({ expanded: 'latency', focus: 'latency', upper: 'search' });
    press('escape');
    expect(controller.state).toMatchObject({ expanded: null, focus: 'steps' });
  });

  it('stays as it is on a frozen screen', () => {
    const { controller, press, take } = drive();
    press('f');
    take(searchUnderWay);
    expect(controller.state.upper).toBe('time');
    press('f');
    take(searchUnderWay);
    expect(controller.state.upper).toBe('search');
  });

  it('comes up without a search, by a command too', () => {
    const { controller, press } = drive();
    press(': c u r v e return');
    expect(controller.state).toMatchObject({ upper: 'search', focus: 'curve' });
  });

  it('shows other searches and the run without one by ← →, and the newest again when it begins', () => {
    const { controller, press, take } = drive(searchUnderWay);
    press('7 left');
    expect(controller.state.curve).toBe(1);
    press('left left left');
    expect(controller.state.curve).toBe(0);
    press('right right right');
    expect(controller.state.curve).toBe(2);
    press('left');
    take(searchOver);
    expect(controller.state.curve).toBe(1);
    take({ ...searchUnderWay, searches: [...searchOver.searches, ...searchUnderWay.searches.slice(1)] });
    expect(controller.state.curve).toBeNull();
  });

  it.each<[string, Partial<SessionView>, number]>([
    ['the run by hand', {}, 0],
    ['the last search', { searches: [fakeSearch({ timeMs: 1 })] }, 1],
  ])('leaves a sweep for %s by ←, and has it back by →, t and :curve', (_, view, curve) => {
    const { controller, press } = drive({ sweeps: [fakeSweep()], ...view });
    const isSweep = () => shownSweep({ state: controller.state, view: controller.view ?? fakeView() }) !== null;
    press('t 7 right');
    expect(isSweep()).toBe(true);
    for (const back of ['right', 't t', ': c u r v e return']) {
      press('left');
      expect(controller.state.curve).toBe(curve);
      expect(isSweep()).toBe(false);
      press(back);
      expect(isSweep()).toBe(true);
    }
  });

  it('scrolls the steps back and forth, not past the first', () => {
    const { controller, press, take } = drive(searchUnderWay);
    press('8 up up');
    expect(controller.state.stepScroll).toBe(2);
    press('down down down');
    expect(controller.state.stepScroll).toBe(0);
    press('pageup');
    take(searchUnderWay);
    expect(controller.state.stepScroll).toBe(9);
  });
});

describe('F', () => {
  it('asks by what, prefilled; ⏎ begins', async () => {
    const { control, controller, press, settled } = drive();
    press('F');
    expect(controller.state.prompt).toMatchObject({
      kind: 'command',
      line: { text: 'find p99<10ms from 1k cap 200k quick' },
    });
    press('return');
    await settled();
    expect(control.calls).toEqual(['automate find']);
  });

  it.each<[string, Partial<SessionView>]>([
    ['find p99<20ms from 1k cap 200k quick', { plan: { ...fakePlan, slos: [] }, ...responseOf(4.1) }],
    ['find p99<2ms from 1k cap 200k quick', { plan: { ...fakePlan, slos: [] }, ...responseOf(0.66) }],
    ['find p99<0.3ms from 1k cap 200k quick', { plan: { ...fakePlan, slos: [] }, ...responseOf(0.1) }],
    ['find p99<10ms from 1k cap 200k quick', { plan: { ...fakePlan, slos: [] }, ...responseOf(null) }],
    ['find p99<10ms from 1k quick', { maxRate: null }],
    ['find p99<10ms from 500 cap 500 quick', { maxRate: 500 }],
    ['find resume', { searches: [fakeSearch({ outcome: 'stopped', maxSustainableRate: null })] }],
    [
      'find p99<10ms from 1k cap 200k quick',
      { searches: [fakeSearch({ outcome: 'stopped' })], knobs: fakeKnobs({ lingerMs: { requested: 0 } }) },
    ],
    ['find p99<10ms from 1k cap 200k quick', { searches: [fakeSearch()] }],
  ])('%s', (line, view) => {
    expect(findLine(fakeView(view), ['rate 5k'])).toBe(line);
  });

  it('asks again what was asked last, so that results can be compared', () => {
    const { controller, press } = drive({ searches: [fakeSearch()] });
    controller.state = { ...controller.state, history: ['find p99<7ms quick', 'linger 0ms', 'find resume'] };
    press('F');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'find p99<7ms quick' } });
  });

  it('says how long it will take, while it is edited', () => {
    const view = fakeView({ searches: [fakeSearch({ outcome: 'stopped', maxSustainableRate: null })] });
    const hint = (line: string) => takesText(line, view, '⏎');
    const seconds = (line: string): number => {
      const [, minutes, rest] = /^about (\d+):(\d\d) {3}⏎ begins, esc$/.exec(hint(line) ?? '') ?? [];
      return Number(minutes) * 60 + Number(rest);
    };
    expect(seconds('find p99<10ms from 1k cap 4k quick')).toBeGreaterThan(60);
    expect(seconds('find p99<10ms from 1k cap 200k')).toBeGreaterThan(seconds('find p99<10ms from 1k cap 4k quick'));
    expect(seconds('find p99<10ms max-time 20s')).toBe(20);
    expect(hint('find resume')).toBe('goes on at step 10, 58.7 k/s passed   ⏎ begins, esc');
    expect(hint('ramp 10k 200k 90s')).toBe('takes 1:30   ⏎ begins, esc');
    expect(hint('ramp sine 50k 20k 60s')).toBe('without end   ⏎ begins, esc');
    expect(['find', 'find p99<', 'rate 5k', ''].map(hint)).toEqual([null, null, null, null]);
    expect(takesText('find resume', fakeView(), '⏎')).toBe('there is no search to go on with');
  });
});

describe('g', () => {
  it('asks for a ramp from the present rate to its double', async () => {
    const { control, controller, press, settled } = drive();
    press('g');
    expect(controller.state.prompt).toMatchObject({ line: { text: 'ramp 50k 100k 60s' } });
    press('return');
    await settled();
    expect(control.calls).toEqual(['automate ramp']);
    expect(rampLine(fakeView({ maxRate: 60_000 }))).toBe('ramp 50k 60k 60s');
    expect(rampLine(fakeView({ targetRate: null, ackedRate: 1234.5, maxRate: null }))).toBe('ramp 1235 2470 60s');
  });
});

describe('while something turns the knobs', () => {
  it('. and esc stop it where it stands; esc closes what is open first', async () => {
    const { control, controller, press, settled } = drive(searchUnderWay);
    press('? escape');
    press('8 v escape');
    expect(control.calls).toEqual([]);
    press('escape .');
    await settled();
    expect(control.calls).toEqual(['stopAutomation', 'stopAutomation']);
    expect(controller.state.expanded).toBeNull();
  });

  it('G turns a ramp round', async () => {
    const { control, press, settled } = drive({ automation: ramp });
    press('G');
    await settled();
    expect(control.calls).toEqual(['reverse']);
  });

  it('a knob key asks whether to take over, and ⏎ does', () => {
    const { control, controller, press } = drive(searchUnderWay);
    control.answers.push({ kind: 'confirm', question: 'take over from find 2: p99<10ms?' });
    press('r');
    expect(controller.state.prompt).toMatchObject({ kind: 'confirm', question: 'take over from find 2: p99<10ms?' });
    press('return');
    expect(control.calls).toEqual(['setKnob rate 45000', 'setKnob rate 45000 confirmed']);
  });

  it('esc does nothing to a load that nobody else turns', async () => {
    const { control, press, settled } = drive();
    press('escape');
    await settled();
    expect(control.calls).toEqual([]);
  });
});

describe('the card of a search', () => {
  it('is held by ⏎, whatever has the focus, and put away by esc', async () => {
    const { control, press, settled } = drive(searchOver);
    press('return');
    expect(control.calls).toEqual(['setKnob rate 58700']);
    press('escape');
    await settled();
    expect(control.calls.at(-1)).toBe('stopAutomation');
  });

  it('goes on with a load that was paused meanwhile', async () => {
    const { control, press, settled } = drive({ ...searchOver, paused: true, banners: [{ kind: 'paused', text: '' }] });
    press('return');
    await settled();
    expect(control.calls).toEqual(['setKnob rate 58700', 'resumeLoad']);
  });

  it.each<[string, Partial<SessionView>]>([
    ['the load was stopped', { paused: true, banners: [{ kind: 'load-stopped', text: '' }] }],
    ['the load is paused, and consumers too', { paused: true, banners: pausedTwice }],
    ['the cluster is away', { banners: [{ kind: 'cluster-away', text: '' }] }],
  ])('is left alone by ⏎ where it is not on the screen: %s', async (_, view) => {
    const { control, press, settled } = drive({ ...searchOver, ...view });
    press('return');
    await settled();
    expect(control.calls).toEqual([]);
  });

  it('is left alone by ⏎ on a frozen screen, and while an answer stands in its place', () => {
    const { control, controller, press } = drive(searchOver);
    press('f return escape f');
    controller.notify('saved', 'plain');
    press('return');
    expect(control.calls).toEqual([]);
  });

  it('leaves ⏎ to the knobs where nothing was found', () => {
    const { control, controller, press } = drive({
      ...searchOver,
      card: { kind: 'find', text: 'nothing', rateHz: null },
    });
    press('return');
    expect(control.calls).toEqual([]);
    expect(controller.state.prompt).toMatchObject({ kind: 'knob', name: 'rate' });
  });
});

function responseOf(p99Ms: number | null): Partial<SessionView> {
  const { latency } = fakeView();
  return {
    latency: { ...latency, response: { ...latency.response, p99: { valueMs: p99Ms, windowS: 1, atLeast: false } } },
  };
}
