/** How connections are secured, in a line. It names no secret. */
import type { SecurityFacts } from './material.ts';

const verifyTexts = {
  full: 'certificates of the right name from a trusted CA',
  chain: 'certificates of any name from a trusted CA',
  none: 'ANY certificate is believed',
} as const;

/** `SASL_SSL, certificates of the right name from a trusted CA, SCRAM-SHA-512 as alice`. */
export function securityText({ protocol, verify, clientCertificate, mechanism, username }: SecurityFacts): string {
  const parts = [
    protocol,
    ...(verify === null ? [] : [verifyTexts[verify]]),
    ...(clientCertificate ? ['with a certificate of ours'] : []),
    ...(mechanism === null ? [] : [`${mechanism}${username === null ? '' : ` as ${username}`}`]),
  ];
  return parts.join(', ');
}
