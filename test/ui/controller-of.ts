/** A controller as most tests want it: a clock that stands still, nothing drawn. */
import { Controller, type ControllerOptions } from '../../source/ui/controller.ts';
import { initialState } from '../../source/ui/state.ts';

export function controllerOf(
  control: ControllerOptions['control'],
  changes: Partial<ControllerOptions> = {},
): Controller {
  return new Controller({
    control,
    playback: null,
    interrupt: () => {},
    state: initialState('default', 'block'),
    now: () => 0,
    look: () => {},
    panelAt: () => null,
    changed: () => {},
    redraw: () => {},
    ...changes,
  });
}
