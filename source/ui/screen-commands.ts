/** The `:` commands that concern the screen alone. Pure. */
import { isThemeName, themeNames } from '../config/themes.ts';
import type { Command } from '../session/commands.ts';
import { graphStyles, type ScreenState } from './state.ts';
import { withFocus } from './upper.ts';

export type ScreenCommand = Extract<Command, { readonly kind: 'theme' | 'graph' | 'mouse' | 'help' | 'curve' }>;

/** The state after a command; a text: why it cannot be. */
export function screenCommand(state: ScreenState, command: ScreenCommand): ScreenState | string {
  switch (command.kind) {
    case 'theme':
      return isThemeName(command.name)
        ? { ...state, theme: command.name }
        : `there is no theme "${command.name}": ${themeNames.join(', ')}`;
    case 'graph': {
      const graph = graphStyles.find((style) => style === command.name);
      return graph === undefined
        ? `there is no graph style "${command.name}": ${graphStyles.join(', ')}`
        : { ...state, graph };
    }
    case 'mouse':
      return { ...state, mouse: command.on };
    case 'curve':
      return withFocus({ ...state, help: false, curve: null }, 'curve');
    case 'help':
      return { ...state, help: true, helpScroll: 0, helpFirst: 'commands', notice: null };
  }
}
