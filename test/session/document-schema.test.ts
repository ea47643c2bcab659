import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sessionSchemaText } from '../../source/session/document-json-schema.ts';

test('session.schema.json is what scripts/write-schema.ts writes', () => {
  const shipped = readFileSync(new URL('../../session.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(shipped)).toEqual(JSON.parse(sessionSchemaText()));
});

test('every property says what it is, or its definition does', () => {
  const schema: unknown = JSON.parse(sessionSchemaText());
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
  });
});
