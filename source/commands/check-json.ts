/** A check as one JSON object, whose names are promised. */
import type { CertificateFacts } from '../clients/wire/connection-facts.ts';
import type { BrokerReport } from '../cluster/inspect.ts';
import type { Rights } from '../cluster/rights.ts';
import { apiName } from '../protocol/api-names.ts';
import { isSandbox } from '../sandbox/identity.ts';
import type { CheckReport } from './check-report.ts';

export function checkJson({ cluster, ...rest }: CheckReport): unknown {
  if (cluster === null) return { type: 'check', cluster: null, ...rest };
  const { inspection, security, allowed, problems } = cluster;
  const { info, brokers, unanswered } = inspection;
  return {
    type: 'check',
    cluster: {
      sandbox: isSandbox(info.clusterId),
      ...info,
      security,
      brokers: brokers.map(brokerJson),
      unansweredBootstrap: unanswered,
      mayCreateTopics: allowed === null ? null : allowed.whyNotCreate === null,
      whyNotCreate: allowed?.whyNotCreate ?? null,
      topics: allowed?.topics.map(({ name, rights }) => ({ name, ...rightsJson(rights) })) ?? null,
      group: allowed === null || allowed.group === null ? null : groupJson(allowed.group),
      problems,
    },
    ...rest,
  };
}

function brokerJson({ found, ...broker }: BrokerReport): unknown {
  if (found.kind === 'unreached') {
    const { reason, why, next } = found;
    return { ...broker, reached: false, reason, why, next, pingMs: null, tls: null, sasl: null, apiVersions: null };
  }
  const { tls, login, versions, pingMs } = found;
  const certificate = tls?.certificate ?? null;
  return {
    ...broker,
    reached: true,
    ...{ reason: null, why: null, next: null },
    pingMs,
    tls: tls === null ? null : { ...tls, certificate: certificate === null ? null : certificateJson(certificate) },
    sasl:
      login === null
        ? null
        : { mechanism: login.mechanism, offered: login.offered, sessionLifetimeMs: login.lifetimeMs },
    apiVersions: [...versions].map(([key, range]) => ({ key, name: apiName(key), ...range })),
  };
}

function certificateJson({ subject, issuer, names, validFromMs, validToMs }: CertificateFacts): unknown {
  const [validFrom, validTo] = [validFromMs, validToMs].map((timeMs) => new Date(timeMs).toISOString());
  return { subject, issuer, names, validFrom, validTo };
}

function rightsJson(rights: Rights): object {
  switch (rights.kind) {
    case 'absent':
      return { exists: false, mayRead: null, mayWrite: null, why: null };
    case 'refused':
      return { exists: null, mayRead: false, mayWrite: false, why: rights.reason };
    case 'seen':
      return { exists: true, mayRead: rights.mayRead, mayWrite: rights.mayWrite, why: null };
  }
}

function groupJson({ name, rights }: { readonly name: string; readonly rights: Rights }): unknown {
  return {
    name,
    mayRead: rights.kind === 'seen' ? rights.mayRead : false,
    why: rights.kind === 'refused' ? rights.reason : null,
  };
}
