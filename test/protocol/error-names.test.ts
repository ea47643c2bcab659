import { protocolErrors } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { errorName, isRetriable } from '../../source/protocol/error-names.ts';

describe('error names', () => {
  const known = Object.entries(protocolErrors).filter(([, { code }]) => code >= 0);

  it.each(known)('%s is what another client calls it', (name, { code, canRetry }) => {
    expect([errorName(code), isRetriable(code)]).toEqual([name, canRetry]);
  });

  it('names what never reached a broker, and what nobody knows', () => {
    expect([-1, -2, 9999].map(errorName)).toEqual(['CONNECTION_LOST', 'TIMED_OUT', 'ERROR_9999']);
  });
});
