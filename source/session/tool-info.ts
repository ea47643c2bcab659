/** What made a session document: loadtui and the Kafka client in use. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ClientName } from '../config/plan.ts';
import type { ToolInfo } from './document-schema.ts';

const packageSchema = z.object({ name: z.string(), version: z.string() });

export function toolInfo(client: ClientName): ToolInfo {
  // The build keeps shared code two folders deep, as source/session/ is.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { name, version } = packageSchema.parse(JSON.parse(text));
  return { name, version, node: process.versions.node, client };
}
