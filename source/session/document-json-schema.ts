/** The JSON Schema (draft 2020-12) of session documents, made from the zod schema. */
import { z } from 'zod';
import { sessionDocumentSchema } from './document-schema.ts';

/** The text of `session.schema.json`. */
export function sessionSchemaText(): string {
  const schema = z.toJSONSchema(sessionDocumentSchema, { target: 'draft-2020-12', io: 'output' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
