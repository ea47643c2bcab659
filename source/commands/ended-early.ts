/** What is said of a run that came to no load, or to no end of its own. */
import { isMadeTopic } from '../cluster/made-topic.ts';

const shownTopics = 3;

/** One line for whoever ended a run before it began. `left`: topics that it made and that are there still. */
export function endedEarlyText(left: readonly string[]): string {
  const topics = left.length === 0 ? '' : `; ${leftText(left)}`;
  return `loadtui: ended before any load, nothing was measured${topics}\n`;
}

/** One line for whoever did not wait for the end of a run. `hasHistory`: the journal has what was measured until then. */
export function endedAtOnceText(left: readonly string[], hasHistory: boolean): string {
  const kept = hasHistory ? '; loadtui report last tells what was measured' : ', and nothing is kept';
  const topics = left.length === 0 ? '' : `; ${leftText(left)}`;
  return `loadtui: ended at once${kept}${topics}\n`;
}

/** `topic orders is left`, `topics loadtui-7f3a and 1 more are left (loadtui topics --clean removes them)`. */
export function leftText(left: readonly string[]): string {
  const names = left.slice(0, shownTopics).join(', ');
  const more = left.length > shownTopics ? ` and ${left.length - shownTopics} more` : '';
  const [what, are, them] = left.length === 1 ? ['topic', 'is', 'it'] : ['topics', 'are', 'them'];
  // A topic that was named is somebody's, and is not cleaned away.
  const next = left.every(isMadeTopic) ? ` (loadtui topics --clean removes ${them})` : '';
  return `${what} ${names}${more} ${are} left${next}`;
}
