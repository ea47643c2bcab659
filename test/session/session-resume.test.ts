import { describe, expect, it } from 'vitest';
import { parseSlos } from '../../source/config/slo.ts';
import type { AutomationRequest } from '../../source/session/automation/requests.ts';
import { type LiveRun, Stage, sideBySide } from './support/live-run.ts';

const find: AutomationRequest = {
  kind: 'find',
  slos: parseSlos('p99<1s'),
  fromHz: 200,
  maxHz: 1600,
  quick: true,
  maxTimeMs: null,
  resume: false,
};
const resume: AutomationRequest = { ...find, slos: [], resume: true };

/** A second of the search is a tenth of one. */
const hasty = { attended: true, searchHaste: 10 };

function stepsDone(run: LiveRun, number = 0): number {
  return run.view().searches[number]?.steps.filter(({ verdict }) => verdict !== 'unsure').length ?? 0;
}

describe('a search that was stopped', sideBySide, () => {
  it('is gone on with: its steps count, and it is one search in the document', async (test) => {
    const stage = new Stage(test);
    const run = await stage.measuring(await stage.sandbox(), { rate: 500 }, hasty);
    expect(run.control.automate(find)).toMatchObject({ kind: 'done' });
    await run.until('a step', () => stepsDone(run) >= 1);
    expect(run.control.automate(resume)).toMatchObject({ kind: 'refused', message: 'the search is under way' });
    run.control.stopAutomation();
    const stopped = run.view().searches[0];
    expect(stopped).toMatchObject({ outcome: 'stopped', maxSustainableRate: null });
    const done = stopped?.steps.length ?? 0;

    expect(run.control.automate(resume)).toEqual({
      kind: 'done',
      message: `find 1: p99<1s goes on at step ${done + 1}`,
    });
    await run.until('another step', () => stepsDone(run) > done);
    const { automation, searches } = run.view();
    expect(automation).toMatchObject({ kind: 'find', title: 'find 1: p99<1s' });
    expect(searches).toHaveLength(1);
    expect(searches[0]?.steps.slice(0, done)).toEqual(stopped?.steps);

    const { document } = await run.quit();
    expect(document?.searches).toHaveLength(1);
    expect(document?.searches[0]?.steps.slice(0, done)).toEqual(stopped?.steps);
    expect(document?.searches[0]?.steps.map(({ index }) => index).slice(0, done + 1)).toEqual(
      Array.from({ length: done + 1 }, (_, at) => at),
    );
  });

  it('is not, once another knob was turned, or where there was none', async (test) => {
    const stage = new Stage(test);
    const run = await stage.measuring(await stage.sandbox(), { rate: 500 }, hasty);
    expect(run.control.automate(resume)).toEqual({ kind: 'refused', message: 'there is no search to go on with' });
    run.control.automate(find);
    await run.until('a step', () => stepsDone(run) >= 1);
    expect(run.control.setKnob('lingerMs', 50)).toMatchObject({
      kind: 'confirm',
      question: expect.stringMatching(/take over/),
    });
    expect(run.control.setKnob('lingerMs', 50, true)).toMatchObject({ kind: 'done' });
    expect(run.control.automate(resume)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^linger is 50 ms and was .*: the steps so far are of another setting$/),
    });
  });
});
