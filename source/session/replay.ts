/** Plays a saved session: a position that moves with the clock, pictures of the session there, and no load to turn. */
import type { SessionDocument } from './document-schema.ts';
import { ReplayPictures } from './replay-view.ts';
import type { ControlAnswer, Playback, SessionControl, SessionView } from './view.ts';

/** Seconds of the run in one second. */
export const replaySpeeds = [0.5, 1, 2, 5, 10, 30, 60] as const;
const refusal: ControlAnswer = {
  kind: 'refused',
  message: 'this is a replay: its load is over, and nothing of it can be turned',
};

export class Replay implements Playback {
  /** Refuses all but the end. */
  readonly control: SessionControl;
  readonly #pictures: ReplayPictures;
  readonly #now: () => number;
  #speed = replaySpeeds.indexOf(1);
  #playing = true;
  /** The position at the clock's time `#sinceMs`. */
  #positionMs = 0;
  #sinceMs: number;

  /** `now`: monotonic ms; `ended`: called when the operator wants no more of it. */
  constructor(document: SessionDocument, now: () => number, ended: () => void) {
    this.#pictures = new ReplayPictures(document);
    this.#now = now;
    this.#sinceMs = now();
    this.control = refusingControl(ended);
  }

  /** The session at the position of this moment. */
  view(): SessionView {
    this.#advance();
    const { lengthMs } = this.#pictures;
    const replay = { positionMs: this.#positionMs, lengthMs, speed: this.#factor, playing: this.#playing };
    return { ...this.#pictures.at(this.#positionMs), replay };
  }

  /** At the end, playing begins anew. */
  toggle(): void {
    this.#advance();
    if (!this.#playing && this.#positionMs >= this.#pictures.lengthMs) this.#positionMs = 0;
    this.#playing = !this.#playing;
  }

  seekBy(ms: number): void {
    this.#advance();
    this.#moveTo(this.#positionMs + ms);
  }

  seekTo(end: 'start' | 'end'): void {
    this.#advance();
    this.#moveTo(end === 'start' ? 0 : this.#pictures.lengthMs);
  }

  changeSpeed(delta: 1 | -1): void {
    this.#advance();
    this.#speed = Math.min(replaySpeeds.length - 1, Math.max(0, this.#speed + delta));
  }

  get #factor(): number {
    return replaySpeeds[this.#speed] ?? 1;
  }

  #advance(): void {
    const nowMs = this.#now();
    const passedMs = nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    if (this.#playing) this.#moveTo(this.#positionMs + passedMs * this.#factor);
    if (this.#positionMs >= this.#pictures.lengthMs) this.#playing = false;
  }

  #moveTo(ms: number): void {
    this.#positionMs = Math.min(this.#pictures.lengthMs, Math.max(0, ms));
  }
}

function refusingControl(ended: () => void): SessionControl {
  const refuse = (): ControlAnswer => refusal;
  return {
    setKnob: refuse,
    pauseLoad: refuse,
    resumeLoad: refuse,
    pauseConsumers: refuse,
    resumeConsumers: refuse,
    freshFigures: refuse,
    backOff: refuse,
    undo: refuse,
    automate: refuse,
    stopAutomation: refuse,
    reverse: refuse,
    save: () =>
      Promise.resolve({ kind: 'refused', message: 'it is saved already; loadtui report writes it in other formats' }),
    note: () => undefined,
    attend: () => undefined,
    stop: ended,
  };
}
