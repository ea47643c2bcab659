/** bench/RESULTS.json: what was measured on a quiet machine, a section a group of benches; and bench/RESULTS.md, made of it. */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Machine, machineSchema } from '../baseline.ts';
import { type Block, blockMarkdown } from './block.ts';
import { type SectionName, sectionNames, sections } from './sections.ts';

const entrySchema = z.strictObject({
  /** The day it was measured, UTC. */
  date: z.iso.date(),
  machine: machineSchema,
  data: z.json(),
});

export type Entry = Readonly<z.infer<typeof entrySchema>>;

export const resultsSchema = z.strictObject({ sections: z.partialRecord(z.enum(sectionNames), entrySchema) });
export type Results = Readonly<z.infer<typeof resultsSchema>>;

const jsonPath = new URL('../RESULTS.json', import.meta.url);
const markdownPath = new URL('../RESULTS.md', import.meta.url);
/** Why targets are missed: written by hand, after the profiles. */
const limitsPath = new URL('../limits.md', import.meta.url);

/** Writes one section into both files; the others stay as they are. Throws where one of them is not as it should be. */
export async function writeSection(name: SectionName, machine: Machine, data: unknown): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const entry = entrySchema.parse({ date, machine, data });
  const results: Results = { sections: { ...(await readResults()).sections, [name]: entry } };
  const markdown = resultsMarkdown(results, await readFile(limitsPath, 'utf8'));
  await writeFile(jsonPath, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(markdownPath, markdown);
}

/** As it was written last; null: never. */
export async function readSection(name: SectionName): Promise<Entry | null> {
  return (await readResults()).sections[name] ?? null;
}

async function readResults(): Promise<Results> {
  const text = await readFile(jsonPath, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? { sections: {} } : resultsSchema.parse(JSON.parse(text));
}

/** The whole of bench/RESULTS.md; `limits` is the text of bench/limits.md. Throws ZodError where a section's data are not as its kind keeps them. */
export function resultsMarkdown(results: Results, limits: string): string {
  const parts = sectionNames.flatMap((name) => {
    const entry = results.sections[name];
    if (entry === undefined) return [];
    const { title, blocks } = sections[name];
    return [sectionMarkdown(title, [whereMeasured(entry), ...blocks(entry.data)])];
  });
  return [heading, ...parts, limits].join('\n');
}

const heading = `# Results

Written by \`npm run bench\` from bench/RESULTS.json, which has every round's value, and from bench/limits.md, where the reasons
for missed targets are written by hand.
`;

export function sectionMarkdown(title: string, blocks: readonly Block[]): string {
  return [`## ${title}\n`, ...blocks.map(blockMarkdown)].join('\n');
}

function whereMeasured({ date, machine }: Entry): Block {
  const { cpu, cores, platform, node } = machine;
  return { kind: 'prose', text: `Measured on ${date}: ${cpu}, ${cores} cores, ${platform}, Node ${node}.` };
}
