import { protocolAPIsById } from '@platformatic/kafka';
import { expect, it } from 'vitest';
import { apiName } from '../../source/protocol/api-names.ts';

/** Kafka 4.1 gave it another name. */
const renamed: Readonly<Record<string, string>> = { ListClientMetricsResources: 'ListConfigResources' };

it.each(Object.entries(protocolAPIsById))('API %s is what another client calls it', (key, name) => {
  expect(apiName(Number(key))).toBe(renamed[name] ?? name);
});

it('does not name what is newer', () => {
  expect(apiName(9999)).toBeNull();
});
