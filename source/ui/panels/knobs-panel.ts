/** The knobs: requested value, keys, and what the threads have taken. A chooser takes the panel's place while it is open. */
import { type KnobName, knobNames, knobs } from '../../config/knobs.ts';
import { knobText } from '../../session/knob-text.ts';
import type { KnobView } from '../../session/view.ts';
import { fitLeft, fitRight } from '../cells.ts';
import type { DrawContext, PanelContent } from '../draw-context.ts';
import { cleanText } from '../glyphs.ts';
import { knobKeys } from '../keys.ts';
import type { Prompt } from '../state.ts';

/** Knobs on the panel, in its order; `knobIndex` of the state is a place in here. */
export const panelKnobs = knobNames.filter((name) => knobs[name].onPanel);

/** Inside an expanded panel each knob is explained, from this column on; where that is too narrow, the selected one. */
const helpColumn = 52;
const helpFromWidth = 116;

/** `width` and `height` are the panel's inside. */
export function drawKnobs(context: DrawContext, width: number, height: number): PanelContent {
  const { state, view, paint } = context;
  const first = firstShown(state.knobIndex, panelKnobs.length, height);
  const shown = panelKnobs.slice(first, first + height);
  const lines = shown.map((name, index) => {
    const selected = first + index === state.knobIndex;
    const knob = view.knobs.find((candidate) => candidate.name === name);
    return knobRow(context, name, knob, selected, width);
  });
  // With the screen to itself, the panel has the knobs that are turned by command, too.
  if (state.expanded === 'knobs' && height >= knobNames.length + 4) {
    lines.push('', paint('dim', '   by command'));
    for (const name of knobNames.filter((one) => !panelKnobs.includes(one))) {
      lines.push(commandRow(context, name, width));
    }
  }
  const selected = panelKnobs[state.knobIndex];
  if (state.expanded === 'knobs' && width < helpFromWidth && height >= lines.length + 2 && selected !== undefined) {
    lines.push('', paint('dim', `   ${knobs[selected].label}: ${knobs[selected].help}`));
  }
  const hidden = panelKnobs.length - shown.length;
  const more = hidden > 0 ? ` (${first + 1}–${first + shown.length} of ${panelKnobs.length})` : '';
  return {
    title: `Knobs${more}`,
    right: context.ascii ? 'arrows enter' : '↑↓ ←→ ⏎',
    lines: view.knobs.length === 0 ? [paint('dim', ' not connected yet')] : lines,
  };
}

/** A knob without keys: its value, and the command that sets it. */
function commandRow({ paint, view }: DrawContext, name: KnobName, width: number): string {
  const { flag, help } = knobs[name];
  const knob = view.knobs.find((candidate) => candidate.name === name);
  const value = fitRight(knob === undefined ? '' : knobText(name, knob.requested), 9);
  const row = `   ${fitLeft(`:${flag}`, 21)}${paint('bold', value)}`;
  const explained = width < helpFromWidth ? '' : ` ${paint('dim', help)}`;
  return `${width < helpFromWidth ? row : fitLeft(row, helpColumn)}${explained}`;
}

function knobRow(
  { paint }: DrawContext,
  name: (typeof panelKnobs)[number],
  knob: KnobView | undefined,
  selected: boolean,
  width: number,
): string {
  const definition = knobs[name];
  const isWide = width >= 40;
  const label = definition.label.padEnd(isWide ? 12 : 11);
  const value = knob === undefined ? '' : knobText(name, knob.requested);
  const marker = selected ? paint('accent', ' ▸ ') : '   ';
  const keys = paint('dim', knobKeys(name).padEnd(3));
  const shownValue = fitRight(value, isWide ? 9 : 8);
  const status = knob === undefined ? '' : knobStatus(knob, Math.max(1, width - (isWide ? 31 : 29)));
  const role = knob?.note === null && isApplied(knob) ? 'dim' : 'plain';
  const row = `${marker}${selected ? paint('bold', label) : label}${paint('bold', shownValue)}  ${keys}  ${paint(role, status)}`;
  return width < helpFromWidth ? row : `${fitLeft(row, helpColumn)} ${paint('dim', definition.help)}`;
}

function isApplied(knob: KnobView | undefined): boolean {
  return knob !== undefined && knob.applied === knob.requested && knob.appliedThreads >= knob.totalThreads;
}

/** As much as fits in `room` cells. */
function knobStatus(knob: KnobView, room: number): string {
  if (isApplied(knob)) {
    return knob.note === null ? 'applied' : cleanText(knob.note);
  }
  const count = `${knob.appliedThreads}/${knob.totalThreads}`;
  const applied = knob.applied === knob.requested ? '' : `, is ${knobText(knob.name, knob.applied)}`;
  const texts = [`${count} threads${applied}`, `${count}${applied}`, `${count} threads`, count];
  return texts.find((text) => text.length <= room) ?? count;
}

/** The list of a chooser: the present value is named, the one under the marker is taken by ⏎. */
export function drawChooser(
  { paint, view, ascii }: DrawContext,
  prompt: Extract<Prompt, { kind: 'chooser' }>,
): PanelContent {
  const definition = knobs[prompt.name];
  const knob = view.knobs.find((candidate) => candidate.name === prompt.name);
  const now = knob === undefined || knob.note === null ? 'now' : `now, ${cleanText(knob.note)}`;
  const lines = (definition.choices ?? []).map((choice, index) => {
    const text = knobText(prompt.name, choice).padEnd(8);
    const note = choice === knob?.requested ? paint('dim', now) : '';
    return index === prompt.index ? `${paint('accent', ' ▸ ')}${paint('bold', text)}${note}` : `   ${text}${note}`;
  });
  return {
    title: `Choose ${definition.label}`,
    right: ascii ? 'enter sets, esc' : '↑↓ ⏎ sets, esc',
    lines,
  };
}

/** The first row of a list of `count` that is shown in `height` rows so that `selected` is among them. */
export function firstShown(selected: number, count: number, height: number): number {
  return Math.max(0, Math.min(count - height, selected - height + 1 + (selected < count - 1 ? 1 : 0)));
}
