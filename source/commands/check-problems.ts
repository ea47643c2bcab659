/** What a run on the cluster would fail at, and what to do about it. */
import type { Inspection } from '../cluster/inspect.ts';
import type { Rights } from '../cluster/rights.ts';
import { formatAddress } from '../config/address.ts';
import type { Plan } from '../config/plan.ts';
import type { SecurityFacts } from '../config/security/material.ts';
import type { Allowed, Problem } from './check-report.ts';

type Wish = Pick<Plan, 'topic' | 'consumeTopic' | 'create' | 'mode'>;

/** `allowed`: null where nothing was asked for. */
export function problemsOf(
  { brokers }: Inspection,
  allowed: Allowed | null,
  plan: Wish,
  security: SecurityFacts,
): readonly Problem[] {
  const problems = brokers.flatMap((broker): Problem[] => {
    const { id, found } = broker;
    if (found.kind === 'reached') return [];
    const message = `broker ${id} advertises ${formatAddress(broker)}: ${found.why}`;
    return [{ about: 'broker', which: id, message, next: found.next }];
  });
  if (allowed === null) return problems;
  const who = `for ${principalText(security)}`;
  const { topics, group, whyNotCreate } = allowed;
  for (const { name, rights } of topics) {
    const needed = operationsOn(name, plan);
    const missing = missingOf(rights, needed);
    if (rights.kind === 'absent') {
      if (!(plan.create && name === plan.topic)) {
        const next = 'Check its name, or add --create to have it made and kept.';
        problems.push({ about: 'topic', which: name, message: `there is no topic ${name}`, next });
      }
    } else if (missing.length > 0) {
      const why = rights.kind === 'refused' ? `: ${rights.reason}` : '';
      const message = `not authorized to ${missing.join(' and ')} topic ${name}${why}`;
      problems.push({ about: 'topic', which: name, message, next: grant(missing, `on topic ${name}`, who) });
    }
  }
  if (group !== null && missingOf(group.rights, ['read']).length > 0) {
    const why = group.rights.kind === 'refused' ? `: ${group.rights.reason}` : '';
    const message = `not authorized to read with group ${group.name}${why}`;
    const next = `${grant(['read'], `on group ${group.name}`, who)} Without it offsets are not committed.`;
    problems.push({ about: 'group', which: group.name, message, next });
  }
  const mustCreate = plan.topic === null || (plan.create && topics.some(({ rights }) => rights.kind === 'absent'));
  if (whyNotCreate !== null && mustCreate && plan.mode !== 'consume-only') {
    const message = `topics may not be created: ${whyNotCreate}`;
    const next = /AUTHORIZATION_FAILED/.test(whyNotCreate)
      ? `${grant(['create'], 'on topics that begin with loadtui-', who)} Or name an existing topic with --topic.`
      : 'Name an existing topic with --topic, or see --partitions and --replication-factor.';
    problems.push({ about: 'cluster', which: null, message, next });
  }
  return problems;
}

type Operation = 'read' | 'write' | 'create';

function operationsOn(name: string, { topic, consumeTopic, mode }: Wish): readonly Operation[] {
  const isWritten = name === topic && mode !== 'consume-only';
  const isRead = mode !== 'produce-only' && name === (consumeTopic ?? topic);
  return [...(isWritten ? (['write'] as const) : []), ...(isRead ? (['read'] as const) : [])];
}

/** What a broker does not tell is taken as granted: the run will see. */
function missingOf(rights: Rights, needed: readonly Operation[]): readonly Operation[] {
  switch (rights.kind) {
    case 'absent':
      return [];
    case 'refused':
      return needed;
    case 'seen':
      return needed.filter((operation) => (operation === 'read' ? rights.mayRead : rights.mayWrite) === false);
  }
}

function grant(operations: readonly Operation[], onWhat: string, who: string): string {
  const names = operations.map((operation) => `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`);
  return `Ask for the right to ${names.join(' and ')} ${onWhat} ${who} (kafka-acls --add).`;
}

/** Whom rights are given to. */
function principalText({ username, mechanism, clientCertificate }: SecurityFacts): string {
  if (username !== null) return `User:${username}`;
  if (mechanism !== null) return 'the user that the token is of';
  return clientCertificate ? 'the user that our certificate is of' : 'User:ANONYMOUS';
}
