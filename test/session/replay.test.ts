import { describe, expect, it } from 'vitest';
import { Replay, replaySpeeds } from '../../source/session/replay.ts';
import { sampleDocument } from './sample.ts';

/** A session of 4.2 s; `pass` lets time go by. */
function play() {
  const clock = { ms: 5000 };
  let ended = 0;
  const replay = new Replay(
    sampleDocument(),
    () => clock.ms,
    () => ended++,
  );
  const at = () => replay.view().replay;
  return {
    replay,
    at,
    position: () => at()?.positionMs,
    pass: (ms: number) => {
      clock.ms += ms;
    },
    get ended() {
      return ended;
    },
  };
}

describe('a replay', () => {
  it('plays at the pace of the run, to its end', () => {
    const { at, pass } = play();
    expect(at()).toEqual({ positionMs: 0, lengthMs: 4200, speed: 1, playing: true });
    pass(1500);
    expect(at()).toMatchObject({ positionMs: 1500, playing: true });
    pass(10_000);
    expect(at()).toMatchObject({ positionMs: 4200, playing: false });
  });

  it('shows the session of its position', () => {
    const { replay, pass } = play();
    expect(replay.view()).toMatchObject({ phase: 'warm-up', points: [] });
    pass(2000);
    expect(replay.view()).toMatchObject({ phase: 'measuring', elapsedMs: 2000 });
  });

  it('halts and goes on; at the end, from the start', () => {
    const { replay, position, pass, at } = play();
    pass(1000);
    replay.toggle();
    pass(5000);
    expect(at()).toMatchObject({ positionMs: 1000, playing: false });
    replay.toggle();
    pass(500);
    expect(position()).toBe(1500);
    replay.seekTo('end');
    expect(at()).toMatchObject({ positionMs: 4200, playing: false });
    replay.toggle();
    pass(100);
    expect(at()).toMatchObject({ positionMs: 100, playing: true });
  });

  it('is moved within its ends, playing or not', () => {
    const { replay, position, pass } = play();
    replay.seekBy(2000);
    expect(position()).toBe(2000);
    replay.seekBy(-9000);
    expect(position()).toBe(0);
    replay.toggle();
    replay.seekBy(9000);
    pass(1000);
    expect(position()).toBe(4200);
    replay.seekTo('start');
    expect(position()).toBe(0);
  });

  it('goes faster and slower from where it is, between its least and highest speed', () => {
    const { replay, at, pass } = play();
    pass(1000);
    replay.changeSpeed(1);
    pass(500);
    expect(at()).toMatchObject({ positionMs: 2000, speed: 2 });
    replay.changeSpeed(-1);
    replay.changeSpeed(-1);
    pass(1000);
    expect(at()).toMatchObject({ positionMs: 2500, speed: 0.5 });
    for (const _ of replaySpeeds) replay.changeSpeed(-1);
    expect(at()?.speed).toBe(replaySpeeds[0]);
    for (const _ of replaySpeeds) replay.changeSpeed(1);
    expect(at()?.speed).toBe(replaySpeeds.at(-1));
  });

  it('refuses what needs a load, and ends when told', async () => {
    const played = play();
    const { control } = played.replay;
    const answers = [
      control.setKnob('rate', 5),
      control.pauseLoad(),
      control.resumeLoad(),
      control.pauseConsumers(),
      control.resumeConsumers(),
      control.freshFigures(),
      control.backOff(),
      control.undo(),
      await control.save(null, false),
    ];
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['refused']));
    expect(answers[0]).toMatchObject({ message: expect.stringContaining('replay') });
    control.attend();
    expect(played.ended).toBe(0);
    control.stop('quit');
    expect(played.ended).toBe(1);
  });
});
