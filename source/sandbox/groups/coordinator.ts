import { errorCode } from '../protocol/error-codes.ts';
import type { Timeline } from '../timeline.ts';
import { Group } from './group.ts';

/** All groups of the sandbox; which broker answers for which is decided elsewhere. */
export class GroupCoordinator {
  readonly #groups = new Map<string, Group>();
  readonly #timeline: Timeline;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  /** Makes the group where there is none: a first member or a first commit does. */
  getOrCreate(id: string): Group {
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = new Group(id, this.#timeline);
      this.#groups.set(id, group);
    }
    return group;
  }

  all(): Group[] {
    return [...this.#groups.values()];
  }

  delete(id: string): number {
    const group = this.#groups.get(id);
    if (group === undefined) return errorCode.groupIdNotFound;
    if (group.phase !== 'Empty') return errorCode.nonEmptyGroup;
    this.#groups.delete(id);
    return errorCode.none;
  }

  /** A topic's offsets go with it. */
  forgetTopic(topic: string): void {
    for (const group of this.#groups.values()) group.offsets.forgetTopic(topic);
  }
}
