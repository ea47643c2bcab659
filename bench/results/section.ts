/** A kind of section: what it keeps in bench/RESULTS.json, and what of it is shown in bench/RESULTS.md. */
import type { z } from 'zod';
import type { Block } from './block.ts';

export interface SectionKind {
  readonly title: string;
  /** Throws ZodError where `data` is not as this kind of section keeps it. */
  blocks(data: unknown): readonly Block[];
}

export function sectionKind<T>(
  title: string,
  schema: z.ZodType<T>,
  blocks: (data: T) => readonly Block[],
): SectionKind {
  return { title, blocks: (data) => blocks(schema.parse(data)) };
}
