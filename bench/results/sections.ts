/** All sections of bench/RESULTS.md, in their order there. A group of benches that has results adds its own here. */
import { besideSchema } from '../beside/beside-schema.ts';
import { besideBlocks } from '../beside/beside-section.ts';
import { ownSchema } from '../own/own-schema.ts';
import { ownBlocks } from '../own/own-section.ts';
import { type SectionKind, sectionKind } from './section.ts';

export const sectionNames = ['beside', 'own'] as const;
export type SectionName = (typeof sectionNames)[number];

export const sections: Readonly<Record<SectionName, SectionKind>> = {
  beside: sectionKind('Beside other tools', besideSchema, besideBlocks),
  own: sectionKind('What loadtui itself costs', ownSchema, ownBlocks),
};
