/** What is said of a run that came to no load, or to no end of its own. */
import { isMadeTopic } from '../cluster/made-topic.ts';

const shownTopics = 3;

/** One line for whoever ended a run before it began. `left`: topics that it made and that are there still. */
export function endedEarlyText(left: readonly string[]): string {
  const topics = left.length === 0 ? '' : `; ${leftText(left)}`;
  return `loadtui: ended before any load, nothing was measured${topics}\n`;
}

/** What there is of a run that was not waited for. */
export interface Kept {
  /** Topics that it made and that are there still. */
  readonly topics: readonly string[];
  /** Where the operator saved it last; null: nowhere. */
  readonly savedPath: string | null;
  /** The journal has what was measured. */
  readonly hasHistory: boolean;
}

/** One line for whoever did not wait for the end of a run. */
export function endedAtOnceText({ topics, savedPath, hasHistory }: Kept): string {
  const saved = savedPath === null ? '' : `; saved before: ${savedPath}`;
  const history = hasHistory ? '; loadtui report last tells what was measured' : '';
  const kept = saved + history === '' ? ', and nothing is kept' : saved + history;
  return `loadtui: ended at once${kept}${topics.length === 0 ? '' : `; ${leftText(topics)}`}\n`;
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
