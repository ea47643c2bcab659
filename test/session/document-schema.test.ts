import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sessionSchemaText } from '../../source/session/document-json-schema.ts';

test('session.schema.json is what scripts/write-schema.ts writes', () => {
  const shipped = readFileSync(new URL('../../session.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(shipped)).toEqual(JSON.parse(sessionSchemaText()));
});

test('the schema is of draft 2020-12 and closed', () => {
  expect(JSON.parse(sessionSchemaText())).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
  });
});

test('every figure says its unit: in its name or in a description', () => {
  const definition = z.looseObject({ properties: z.record(z.string(), z.looseObject({})).optional() });
  const { $defs } = z.object({ $defs: z.record(z.string(), definition) }).parse(JSON.parse(sessionSchemaText()));
  const isFigure = ({ type, anyOf }: Record<string, unknown>) =>
    /"(number|integer)"/.test(JSON.stringify([type, anyOf]));
  const unclear = Object.entries($defs).flatMap(([name, { properties = {} }]) =>
    Object.entries(properties)
      .filter(([, property]) => isFigure(property) && !('description' in property))
      .filter(([key]) => !/(Ms|Bytes)$/.test(key) && !/^(id|partition|committedOffset)$/.test(key))
      .map(([key]) => `${name}.${key}`),
  );
  expect(Object.keys($defs).length).toBeGreaterThan(10);
  expect(unclear).toEqual([]);
});
