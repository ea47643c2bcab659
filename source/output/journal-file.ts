/**
 * A run's journal on disk: lines are appended as they come, one write at a time, and made to last about every quarter
 * of a second. A disk that fails ends the journal, never the run.
 */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalTarget } from '../session/journal.ts';
import { journalName, pruneJournals, sessionsKept } from './history.ts';

/** Between two syncs: what a loss of power takes is at most this, a sync, and a second that is not over yet. */
const pauseMs = 250;

export class JournalFile implements JournalTarget {
  readonly #folder: string;
  readonly #onFailure: (error: unknown) => void;
  #waiting = '';
  #working: Promise<void> | null = null;
  #path: string | null = null;
  #file: FileHandle | null = null;
  #hasBegun = false;
  /** Closed, or failed: what comes now is dropped. */
  #over = false;
  /** Ends the pause between two writes. */
  #hurry: () => void = () => undefined;

  /** `onFailure` is called once at most, with what the disk said; nothing is written after it. */
  constructor(folder: string, onFailure: (error: unknown) => void) {
    this.#folder = folder;
    this.#onFailure = onFailure;
  }

  start({ id, startedAtMs }: { readonly id: string; readonly startedAtMs: number }): void {
    this.#path = join(this.#folder, journalName(id, startedAtMs));
  }

  /** Lines are on the disk. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  line(text: string): void {
    if (this.#over) return;
    this.#waiting += `${text}\n`;
    this.#working ??= this.#work();
  }

  /** Resolves when every line is on the disk, or the journal has failed. */
  async close(): Promise<void> {
    this.#over = true;
    this.#hurry();
    await this.#working;
    await this.#file?.close().catch(() => null);
    this.#file = null;
  }

  async #work(): Promise<void> {
    try {
      while (this.#waiting !== '') {
        this.#file ??= await this.#open();
        const text = this.#waiting;
        this.#waiting = '';
        await this.#file.appendFile(text);
        await this.#file.datasync();
        this.#hasBegun = true;
        if (!this.#over) await this.#pause();
      }
    } catch (error) {
      this.#over = true;
      this.#waiting = '';
      this.#onFailure(error);
    } finally {
      this.#working = null;
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#path === null) throw new Error('a journal starts before its first line');
    // What a run does is its owner's business.
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await pruneJournals(this.#folder, sessionsKept - 1);
    return open(this.#path, 'ax', 0o600);
  }

  /** Lines gather meanwhile. A run that is over does not wait. */
  async #pause(): Promise<void> {
    const pause = Promise.withResolvers<void>();
    const timer = setTimeout(pause.resolve, pauseMs);
    this.#hurry = pause.resolve;
    await pause.promise;
    clearTimeout(timer);
  }
}
