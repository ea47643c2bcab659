/**
 * The screen with made-up figures, to look at while working on it: build with `tsc -p tsconfig.json --noEmit false
 * --outDir DIR`, then `NODE_ENV=production node DIR/test/ui/demo.js [--ascii] [--no-color]` in a terminal.
 */

import { type KnobName, type KnobValue, knobs } from '../../source/config/knobs.ts';
import type { SessionView } from '../../source/session/view.ts';
import { startScreen } from '../../source/ui/screen.tsx';
import { fakeControl, fakeEvent, fakeKnobs, fakeView } from './fake-view.ts';

const flags = new Set(process.argv.slice(2));
const requested = new Map<KnobName, KnobValue>();
const events = [...fakeView().events];
const control = fakeControl();
let paused = false;
const screen = await startScreen({
  control: {
    ...control,
    setKnob: (name, value, confirmed) => {
      if (name === 'rate' && typeof value === 'number' && value > 200_000 && confirmed !== true) {
        return { kind: 'confirm', question: `50.0 k/s → ${value} /s is more than twice what ran cleanly.` };
      }
      requested.set(name, value);
      events.push(fakeEvent({ timeMs: Date.now(), message: `${knobs[name].label} → ${String(value)}` }));
      return { kind: 'done', message: `${knobs[name].label} → ${String(value)}` };
    },
    pauseLoad: () => {
      paused = true;
      return { kind: 'done', message: 'load paused' };
    },
    resumeLoad: () => {
      paused = false;
      return { kind: 'done', message: 'load resumed' };
    },
    stop: () => void screen.close(),
  },
  playback: null,
  look: present,
  interrupt: () => void screen.close(),
  output: {
    color: !flags.has('--no-color'),
    ascii: flags.has('--ascii'),
    theme: 'default',
    mouse: flags.has('--mouse'),
    fps: 8,
  },
  stdout: process.stdout,
  stdin: process.stdin,
  onExit: (error) => {
    clearInterval(timer);
    process.stderr.write(`screen closed${error === null ? '' : `: ${error.stack ?? ''}`}\n`);
  },
});
const started = Date.now();
const timer = setInterval(() => screen.tick(), 200);

function present(): SessionView {
  const view = fakeView({ nowMs: Date.now() });
  return {
    ...view,
    events,
    paused,
    banners: paused ? [...view.banners, { kind: 'paused', text: 'PAUSED: space resumes the load' }] : view.banners,
    phaseElapsedMs: Date.now() - started,
    knobs: fakeKnobs(
      Object.fromEntries([...requested].map(([name, value]) => [name, { requested: value, applied: value }])),
    ),
  };
}
