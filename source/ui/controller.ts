/**
 * From keys to what they do: to the screen's own state, or to the session. Holds the state; knows no ink and no
 * terminal, so tests drive it with key names and a fake control.
 */
import { type KnobName, knobs } from '../config/knobs.ts';
import { messageOf } from '../errors.ts';
import { type Command, runCommand } from '../session/commands.ts';
import { rateText } from '../session/figures-text.ts';
import type { StepDirection } from '../session/step-knob.ts';
import type { ControlAnswer, Playback, SessionControl, SessionView } from '../session/view.ts';
import { type Action, isLookAction } from './actions.ts';
import { AskedKnobs } from './asked-knobs.ts';
import { findLine, rampLine } from './asks.ts';
import { baselineOf } from './baseline.ts';
import { shownCard } from './card.ts';
import { percentileText } from './format.ts';
import { collapseRepeats } from './key-press.ts';
import type { PanelId } from './layout.ts';
import { emptyLine, lineOf } from './line-editor.ts';
import { type MouseAction, mouseAction } from './mouse.ts';
import { clampScrolls, looksAside, navigate, scrollTime, stepBack, wheel } from './navigate.ts';
import { eventRows } from './panels/events-panel.ts';
import { panelKnobs } from './panels/knobs-panel.ts';
import { promptKey, promptPaste } from './prompts.ts';
import { actionIn, play } from './replay-keys.ts';
import { screenCommand } from './screen-commands.ts';
import { type Prompt, type ScreenState, withPrompt, withTyped } from './state.ts';
import { nextUnits } from './steady-units.ts';
import { searches, shownCurve, withCurve, withUpper } from './upper.ts';

const noticeMs = 6000;
const doubleClickMs = 500;

export interface ControllerOptions {
  readonly control: SessionControl;
  /** null: the session is live. */
  readonly playback: Playback | null;
  /** Ctrl-c; pressed again it is told again. */
  readonly interrupt: () => void;
  readonly state: ScreenState;
  /** Monotonic ms. */
  readonly now: () => number;
  /** Hands over a picture of the present (`take`), if there is one. */
  readonly look: () => void;
  /** The panel that is drawn in a cell; null: none. */
  readonly panelAt: (column: number, row: number) => PanelId | null;
  /** Something changed that should be seen soon. */
  readonly changed: () => void;
  /** The operator wants the whole screen drawn anew. */
  readonly redraw: () => void;
}

export class Controller {
  state: ScreenState;
  /** The live picture; null: none has come. */
  view: SessionView | null = null;
  readonly #options: ControllerOptions;
  readonly #knobs: AskedKnobs;
  /** The number of the search whose pictures were brought up; null: none is under way, and no card stands. */
  #searching: number | null = null;
  /** The last click, unless it was the second of two. */
  #clicked: { readonly panel: PanelId; readonly atMs: number } | null = null;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.state = options.state;
    this.#knobs = new AskedKnobs(options.control, options.now);
  }

  /** A new picture. Answers whether anything of it would be seen: on a frozen screen only what warns is. */
  take(view: SessionView): boolean {
    const before = this.view;
    this.view = view;
    this.#knobs.take(view.knobs);
    this.state = clampScrolls(
      this.state,
      view.lag.rows.length,
      view.events.length,
      this.#steps(view),
      combinationsIn(view),
    );
    const { frozen, notice } = this.state;
    this.#bringUp(frozen ?? view);
    if (frozen === null) this.state = { ...this.state, units: nextUnits(this.state.units, view) };
    const noticeEnds = notice !== null && this.#options.now() >= notice.untilMs;
    if (noticeEnds) this.state = { ...this.state, notice: null };
    return frozen === null || noticeEnds || before === null || !warnsAlike(before, view);
  }

  /** A search brings its pictures up when it begins; with its card they go again. In between the operator has the say. */
  #bringUp(shown: SessionView): void {
    // A sweep brings up its own pictures once, however many searches it makes.
    const sweeping = shown.automation?.kind === 'sweep' ? -(shown.sweeps?.length ?? 0) : shown.searches.length;
    const searching = searches(shown) ? sweeping : null;
    if (searching === this.#searching) return;
    this.#searching = searching;
    this.state = {
      ...withUpper(this.state, searching === null ? 'time' : 'search'),
      curve: null,
      stepScroll: 0,
      sweepScroll: 0,
    };
  }

  /** All keys that came in one read, by name. */
  keys(names: readonly string[]): void {
    const turnsKnobs = this.state.prompt === null && this.#options.playback === null;
    for (const name of turnsKnobs ? collapseRepeats(names) : names) {
      this.#options.control.attend();
      // A key acts on what the one before it did, not on what was drawn last.
      this.#options.look();
      this.#key(name);
    }
    this.#options.changed();
  }

  /** Pasted text counts only where something is being typed. */
  paste(text: string): void {
    this.#options.control.attend();
    if (this.state.prompt !== null) {
      this.#setPrompt(promptPaste(this.state.prompt, text));
      this.#options.changed();
    }
  }

  #key(name: string): void {
    const mouse = mouseAction(name);
    if (mouse !== null) {
      this.#mouse(mouse);
      return;
    }
    const action = actionIn(this.#options.playback !== null, name);
    if (this.state.prompt !== null && action?.kind !== 'interrupt') {
      this.#promptKey(this.state.prompt, name);
      return;
    }
    if (action !== undefined) {
      this.#act(action);
    }
  }

  /** Nothing while something is asked: a click is no answer. */
  #mouse(action: MouseAction): void {
    if (this.state.prompt !== null) {
      return;
    }
    const panel = this.#options.panelAt(action.column, action.row);
    if (action.kind === 'wheel') {
      this.#looked(wheel(this.state, panel, action.delta));
      return;
    }
    if (panel === null || this.state.help) {
      return;
    }
    const nowMs = this.#options.now();
    const isSecond = this.#clicked?.panel === panel && nowMs - this.#clicked.atMs < doubleClickMs;
    this.#clicked = isSecond ? null : { panel, atMs: nowMs };
    this.#looked(navigate(this.state, isSecond ? { kind: 'expand' } : { kind: 'focus', panel }));
  }

  #promptKey(prompt: Prompt, name: string): void {
    const outcome = promptKey(prompt, name, this.state.history, { knobs: this.#knobs.all });
    switch (outcome.kind) {
      case 'open':
        this.#setPrompt(outcome.prompt);
        return;
      case 'cancelled':
        this.#setPrompt(null);
        return;
      case 'filtered':
        this.state = { ...this.state, prompt: null, filter: outcome.filter, eventScroll: 0 };
        return;
      case 'mistake':
        this.#setPrompt(null);
        this.notify(outcome.message, 'warn');
        this.state = withTyped(this.state, outcome.typed);
        return;
      case 'run':
        this.#setPrompt(null);
        this.state = withTyped(this.state, outcome.typed);
        this.#run(outcome.command, outcome.confirmed);
        return;
      default:
        outcome satisfies never;
    }
  }

  #act(action: Action): void {
    if (action.kind === 'escape' && this.#escapeStops()) {
      this.#run({ kind: 'stop' }, false);
      return;
    }
    if (action.kind === 'move' && this.state.focus === 'curve' && !this.state.help) {
      this.#chooseCurve(action.delta);
      return;
    }
    if (isLookAction(action)) {
      this.#looked(navigate(this.state, action));
      return;
    }
    switch (action.kind) {
      case 'sideways':
        this.#sideways(action.direction, action.fine);
        return;
      case 'enter':
        this.#enter();
        return;
      case 'step':
        this.#step(action.name, action.direction, false);
        return;
      case 'choose':
        this.#choose(action.name);
        return;
      case 'pause':
        this.#run({ kind: this.view?.paused === true ? 'resume' : 'pause', what: 'load' }, false);
        return;
      case 'back-off':
      case 'undo':
      case 'fresh':
        this.#run({ kind: action.kind }, false);
        return;
      case 'save':
        this.#run({ kind: 'save', path: null, force: false }, false);
        return;
      case 'hint':
        this.#suggest();
        return;
      case 'ask':
        this.#ask(action.what);
        return;
      case 'halt':
        this.#run({ kind: 'stop' }, false);
        return;
      case 'reverse':
        this.#run({ kind: 'reverse' }, false);
        return;
      case 'freeze':
        this.state = { ...this.state, frozen: this.state.frozen === null ? this.view : null };
        return;
      case 'play':
      case 'seek':
      case 'seek-to':
      case 'speed':
        if (this.#options.playback !== null) play(this.#options.playback, action);
        this.#options.look();
        return;
      case 'pin':
        this.#pin();
        return;
      case 'redraw':
        this.#options.redraw();
        return;
      case 'quit':
        // In an overlay, q is what closes it nearly everywhere.
        if (this.state.help) {
          this.state = stepBack(this.state);
        } else {
          this.#run({ kind: 'quit' }, false);
        }
        return;
      case 'interrupt':
        this.#options.interrupt();
        if (this.#options.playback === null) this.notify('draining: ctrl-c once more ends at once', 'plain');
        return;
      case 'suspend':
        this.notify('no suspending: a load that stands still measures nothing. space pauses it', 'plain');
        return;
      default:
        action satisfies never;
    }
  }

  /** Pins what is shown, in place of what was pinned before. */
  #pin(): void {
    const shown = this.state.frozen ?? this.view;
    if (shown === null) {
      this.notify('there is nothing to pin yet', 'warn');
      return;
    }
    const baseline = baselineOf(shown);
    this.state = { ...this.state, baseline };
    const p99 = percentileText(baseline.latency.response.p99).value;
    const message = `baseline pinned: ${rateText(baseline.ackedRate)}, p99 ${p99} ms`;
    this.#options.control.note(message);
    this.notify(message, 'plain');
  }

  #looked(state: ScreenState): void {
    const shown = state.frozen ?? this.view;
    if (shown === null) {
      this.state = state;
      return;
    }
    const events = eventRows(shown.events, state.filter).length;
    // What was expanded may not be on the screen any more.
    const settled = state.expanded === null ? withUpper(state, state.upper) : state;
    this.state = clampScrolls(settled, shown.lag.rows.length, events, this.#steps(shown), combinationsIn(shown));
  }

  #selectedKnob(): KnobName {
    return panelKnobs[this.state.knobIndex] ?? 'rate';
  }

  #sideways(direction: StepDirection, fine: boolean): void {
    if (this.state.help) {
      return;
    }
    switch (this.state.focus) {
      case 'knobs': {
        const name = this.#selectedKnob();
        if (knobs[name].choices === null) {
          this.#step(name, direction, fine);
        } else {
          this.#choose(name);
        }
        return;
      }
      case 'throughput':
      case 'latency':
        this.state = scrollTime(this.state, direction === 'down' ? 1 : -1);
        return;
      case 'machine':
      case 'lag':
      case 'events':
        return;
      case 'curve':
      case 'steps':
        this.#chooseCurve(direction === 'down' ? -1 : 1);
        return;
      default:
        this.state.focus satisfies never;
    }
  }

  #chooseCurve(delta: 1 | -1): void {
    const shown = this.state.frozen ?? this.view;
    if (shown !== null) this.state = withCurve(this.state, shown, delta);
  }

  #enter(): void {
    const shown = this.view === null ? null : shownCard(this.state, this.view, this.#options.now());
    const found = shown?.card.rateHz ?? null;
    if (found !== null && !this.state.help) {
      this.#run({ kind: 'knob', name: 'rate', value: found }, false);
      // Nobody was there for a while.
      if (shown?.isPaused === true) this.#run({ kind: 'resume', what: 'load' }, false);
      return;
    }
    if (this.state.help || this.state.focus !== 'knobs') {
      return;
    }
    const name = this.#selectedKnob();
    if (knobs[name].choices === null) {
      this.#setPrompt({ kind: 'knob', name, line: emptyLine });
    } else {
      this.#choose(name);
    }
  }

  #steps(view: SessionView): number {
    return view.searches[shownCurve(this.state, view) - 1]?.steps.length ?? 0;
  }

  /** Nothing is to be closed or to be left first, and there is something to stop or to put away. */
  #escapeStops(): boolean {
    const { view } = this;
    return view !== null && !looksAside(this.state) && (view.automation !== null || view.card !== null);
  }

  /** A line to edit, and to begin with. */
  #ask(what: 'find' | 'ramp'): void {
    // A replay says in its own words that there is nothing to turn.
    if (this.#options.playback !== null) {
      this.#run({ kind: 'stop' }, false);
      return;
    }
    if (this.view === null) return;
    const line = lineOf(what === 'find' ? findLine(this.view, this.state.history) : rampLine(this.view));
    this.#setPrompt({ kind: 'command', line, historyAt: null });
  }

  /** Asks about what the worst of the hints suggests that suggest something. */
  #suggest(): void {
    const hints = this.view?.hints ?? [];
    for (const { name, suggestion } of hints) {
      if (suggestion === null) continue;
      this.#setPrompt({ kind: 'suggestion', hint: name, suggestion });
      return;
    }
    const names = hints.map(({ name }) => name).join(', ');
    this.notify(names === '' ? 'there is no hint' : `${names}: no knob helps`, 'plain');
  }

  #choose(name: KnobName): void {
    const current = this.#knobs.current(name);
    const index = Math.max(0, current === undefined ? 0 : (knobs[name].choices?.indexOf(current) ?? 0));
    this.state = {
      ...this.state,
      help: false,
      knobIndex: Math.max(0, panelKnobs.indexOf(name)),
      prompt: { kind: 'chooser', name, index },
    };
  }

  #step(name: KnobName, direction: StepDirection, fine: boolean): void {
    this.state = { ...this.state, knobIndex: Math.max(0, panelKnobs.indexOf(name)) };
    const step = this.#knobs.step(name, direction, fine);
    if (step === null) {
      return;
    }
    if ('why' in step) {
      this.notify(step.why, 'warn');
      return;
    }
    this.#run({ kind: 'knob', name, value: step.value }, false);
  }

  #run(command: Command, confirmed: boolean): void {
    switch (command.kind) {
      case 'theme':
      case 'graph':
      case 'mouse':
      case 'curve':
      case 'help': {
        const changed = screenCommand(this.state, command);
        if (typeof changed === 'string') {
          this.notify(changed, 'warn');
        } else {
          this.state = changed;
        }
        return;
      }
      case 'pin':
        this.#pin();
        return;
      case 'unpin':
        this.state = { ...this.state, baseline: null };
        return;
      case 'knob':
        this.#answered(command, this.#knobs.set(command.name, command.value, confirmed));
        return;
      default:
        runCommand(this.#options.control, command, confirmed)
          .then((answer) => this.#answered(command, answer))
          .catch((error: unknown) => this.notify(messageOf(error), 'warn'))
          .finally(this.#options.changed);
    }
  }

  #answered(command: Command, answer: ControlAnswer): void {
    switch (answer.kind) {
      case 'done':
        this.notify(answer.message, 'plain');
        return;
      case 'refused':
        this.notify(answer.message, 'warn');
        return;
      case 'confirm':
        this.#setPrompt({ kind: 'confirm', question: answer.question, again: command });
        return;
      default:
        answer satisfies never;
    }
  }

  #setPrompt(prompt: Prompt | null): void {
    this.state = withPrompt(this.state, prompt);
  }

  /** Shows a line for a few seconds. */
  notify(text: string, tone: 'plain' | 'warn'): void {
    this.state = { ...this.state, notice: { text, tone, untilMs: this.#options.now() + noticeMs } };
  }
}

/** Whether two pictures have the same words for what must not be overlooked. */
function warnsAlike(one: SessionView, other: SessionView): boolean {
  return (
    one.phase === other.phase &&
    one.paused === other.paused &&
    one.consumersPaused === other.consumersPaused &&
    one.banners.length === other.banners.length &&
    one.banners.every(({ kind, text }, at) => kind === other.banners[at]?.kind && text === other.banners[at]?.text)
  );
}

function combinationsIn({ sweeps }: SessionView): number {
  return sweeps?.at(-1)?.results.length ?? 0;
}
