/** A check as text of 80 columns. */
import type { CertificateFacts, LoginFacts, TlsFacts } from '../clients/wire/connection-facts.ts';
import type { VersionRange } from '../clients/wire/control-apis.ts';
import type { BrokerReport, ReachedBroker } from '../cluster/inspect.ts';
import type { Rights } from '../cluster/rights.ts';
import type { ClusterInfo } from '../cluster/types.ts';
import { formatAddress } from '../config/address.ts';
import { securityText } from '../config/security/security-text.ts';
import { formatBytes, formatDuration, formatRate } from '../config/units.ts';
import { wrapWords } from '../output/wrap.ts';
import { apiName } from '../protocol/api-names.ts';
import { isSandbox } from '../sandbox/identity.ts';
import { bytesText } from '../session/figures-text.ts';
import type { CheckedCluster, CheckReport } from './check-report.ts';

const columns = 80;
/** Where what is said begins, after its name. */
const indent = 10;
const dayMs = 86_400_000;
/** A space at which no line ends. */
const unbroken = '\u00a0';
/** A certificate that ends sooner is said to. */
const soonDays = 30;

/** Requests that a run cannot do without, by API key: those that tell brokers apart. JSON has all. */
const usedApis = [0, 1, 2, 3, 8, 9, 10, 19, 22];

/** `now`: Unix ms. */
export function checkText(report: CheckReport, now: number, ascii = false): string {
  const { cluster, host, node, clients, codecs, driven } = report;
  const lines =
    cluster === null
      ? row('cluster', 'none named: a run would use the embedded sandbox')
      : [...clusterLines(cluster, now), ...problemLines(cluster)];
  lines.push(
    ...row(
      'host',
      `${host.cpus} cores, ${bytesText(host.memoryBytes)}, ${host.platform}, kernel ${host.kernel}, Node ${node}`,
    ),
    ...row('clients', clients.join(' ')),
    ...row('codecs', codecs.join(' ')),
  );
  if (driven !== null) {
    const rate = `${formatRate(Number(driven.ratePerSecond.toPrecision(3)))}/s of ${formatBytes(driven.messageSizeBytes)}`;
    lines.push(...row('drives', `${rate} against the embedded sandbox, which shares this machine's cores`));
  }
  const text = `${lines.join('\n')}\n`;
  return ascii ? text.replaceAll('–', '-') : text;
}

/** A name, and what is said of it; '' as the name goes on with the row before. */
function row(name: string, text: string): string[] {
  const lines = wrapWords(`${name.padEnd(indent - 1)} ${text}`, columns, indent);
  return lines.map((line) => line.replaceAll(unbroken, ' ').trimEnd());
}

function clusterLines({ inspection, security, allowed }: CheckedCluster, now: number): string[] {
  const { info, brokers, unanswered } = inspection;
  const reached = brokers.map(({ found }) => found).filter((found) => found.kind === 'reached');
  const [versions, ...others] = new Set(reached.map((found) => versionsText(found.versions)));
  const lines = [
    ...row('cluster', nameText(info)),
    ...row('secured', securityText(security)),
    ...unanswered.flatMap((given) => row('given', `${formatAddress(given)}  not reached: ${given.why}`)),
    ...brokers.flatMap((broker) => brokerLines(broker, others.length > 0, now)),
  ];
  if (versions !== undefined && others.length === 0) lines.push(...row('versions', versions));
  if (allowed === null) return [...lines, ...row('topics', 'not asked about: a broker is not reached')];
  const { whyNotCreate, topics, group } = allowed;
  lines.push(...row('topics', whyNotCreate === null ? 'may be created' : `may not be created: ${whyNotCreate}`));
  for (const { name, rights } of topics) lines.push(...row('topic', `${name}: ${rightsText(rights)}`));
  if (group !== null) lines.push(...row('group', `${group.name}: ${groupText(group.rights)}`));
  return lines;
}

function nameText(info: ClusterInfo): string {
  return isSandbox(info.clusterId)
    ? "SANDBOX, loadtui's own broker"
    : `${info.clusterId ?? 'unnamed'}, ${versionText(info)}`;
}

/** e.g. "Kafka 4.3-IV0" or "Kafka 3.7 or newer". */
export function versionText({ metadataVersion, inferredAtLeast }: ClusterInfo): string {
  if (metadataVersion !== null) return `Kafka ${metadataVersion}`;
  return inferredAtLeast === null ? 'version unknown' : `Kafka ${inferredAtLeast} or newer`;
}

function brokerLines(broker: BrokerReport, withVersions: boolean, now: number): string[] {
  const { id, host, ip, rack, found } = broker;
  const where = `${formatAddress(broker)}${ip === null || ip === host ? '' : ` (${ip})`}`;
  const place = rack === null ? '' : `  rack ${rack}`;
  const name = `broker ${id}`;
  if (found.kind === 'unreached') return row(name, `${where}  NOT REACHED: ${found.why}${place}`);
  return [
    ...row(name, `${where}  ${found.pingMs.toFixed(2)} ms${place}`),
    ...wayTexts(found, now).flatMap((text) => row('', text)),
    ...(withVersions ? row('', versionsText(found.versions)) : []),
  ];
}

function wayTexts({ tls, login }: ReachedBroker, now: number): string[] {
  const certificate = tls?.certificate ?? null;
  return [
    tls === null ? 'plain text' : tlsText(tls),
    ...(certificate === null ? [] : [certificateText(certificate, now)]),
    ...(login === null ? [] : [loginText(login)]),
  ];
}

function tlsText({ version, cipher }: TlsFacts): string {
  return `${version}, ${cipher}`;
}

function certificateText({ subject, issuer, names, validToMs }: CertificateFacts, now: number): string {
  const until = new Date(validToMs).toISOString().slice(0, 10);
  const days = Math.floor((validToMs - now) / dayMs);
  const left = days < 0 ? ' (OVER)' : days < soonDays ? ` (${days} ${days === 1 ? 'day' : 'days'} left)` : '';
  const signer = subject === issuer ? 'itself' : issuer;
  const whose = subject === '' ? names.join(', ') : subject;
  return `certificate of ${whose} until ${until}${left}, signed by ${signer}`;
}

function loginText({ mechanism, offered, lifetimeMs }: LoginFacts): string {
  const renewed = lifetimeMs === 0 ? '' : `, good for ${formatDuration(lifetimeMs)}`;
  return `login by ${mechanism}${renewed}; offered: ${offered.join(', ')}`;
}

/** e.g. "Produce 0–13, Fetch 4–18" of what a run needs. */
function versionsText(versions: ReadonlyMap<number, VersionRange>): string {
  const texts = usedApis.flatMap((key) => {
    const range = versions.get(key);
    const name = apiName(key) ?? `API ${key}`;
    if (range === undefined) return [];
    return [`${name}${unbroken}${range.oldest}–${range.newest}`];
  });
  return texts.join(', ');
}

function rightsText(rights: Rights): string {
  switch (rights.kind) {
    case 'absent':
      return 'there is none';
    case 'refused':
      return `not authorized: ${rights.reason}`;
    case 'seen': {
      const { mayRead, mayWrite } = rights;
      if (mayRead === null || mayWrite === null) return 'is there';
      const may = [...(mayWrite ? ['written'] : []), ...(mayRead ? ['read'] : [])];
      return may.length === 0
        ? 'may be neither written nor read'
        : `may be ${may.join(' and ')}${may.length === 1 ? ' only' : ''}`;
    }
  }
}

function groupText(rights: Rights): string {
  if (rights.kind === 'refused') return `not authorized: ${rights.reason}`;
  return rights.kind === 'seen' && rights.mayRead === false ? 'not authorized to commit' : 'may be used';
}

function problemLines({ problems }: CheckedCluster): string[] {
  return problems.flatMap(({ message, next }) => [...row('PROBLEM', message), ...row('  try', next)]);
}
