/** Certificates for one run, made by Java's keytool: a CA, what it signed for the broker and for a client, and a stranger. */
import { join } from 'node:path';
import { runCommand } from '../../support/run-command.ts';

/** Opens every store. */
export const storePassword = 'loadtui-test';

/** Paths. Stores are PKCS12. */
export interface Certificates {
  /** The CA, PEM. */
  readonly ca: string;
  /** The CA, for those who trust it. */
  readonly truststore: string;
  readonly broker: string;
  /** Key and certificate of CN=client, with the chain. */
  readonly client: string;
  /** A CA that signed nothing here, PEM. */
  readonly stranger: string;
}

/** Where they will be, in a folder of the run. */
export function certificatesIn(folder: string): Certificates {
  const at = (name: string): string => join(folder, name);
  return {
    ca: at('ca.pem'),
    truststore: at('trust.p12'),
    broker: at('broker.p12'),
    client: at('client.p12'),
    stranger: at('stranger.pem'),
  };
}

/** Makes them. The broker's is good for localhost, and not for 127.0.0.1. */
export async function makeCertificates(folder: string): Promise<void> {
  const at = (name: string): string => join(folder, name);
  const own = ['-storetype', 'PKCS12', '-storepass', storePassword];
  const all = ['-keystore', at('all.p12'), ...own];
  const makeCa = ['-genkeypair', '-keyalg', 'EC', '-validity', '10', '-ext', 'bc:c'];
  const issue = ['-genkeypair', '-keyalg', 'RSA', '-validity', '10', '-signer', 'ca'];
  const take = (alias: string): Promise<void> =>
    keytool([
      ...['-importkeystore', '-srckeystore', at('all.p12'), '-srcstorepass', storePassword, '-srcalias', alias],
      ...['-destkeystore', at(`${alias}.p12`), '-deststoretype', 'PKCS12', '-deststorepass', storePassword],
    ]);
  const stranger = ['-keystore', at('stranger.p12'), ...own];
  await Promise.all([
    keytool([...makeCa, '-alias', 'ca', '-dname', 'CN=loadtui test CA', ...all]),
    keytool([...makeCa, '-alias', 'stranger', '-dname', 'CN=somebody else', ...stranger]),
  ]);
  const exportOf = (alias: string, store: readonly string[], name: string): Promise<void> =>
    keytool(['-exportcert', '-rfc', '-alias', alias, '-file', at(name), ...store]);
  await Promise.all([exportOf('ca', all, 'ca.pem'), exportOf('stranger', stranger, 'stranger.pem')]);
  const trust = ['-importcert', '-noprompt', '-alias', 'ca', '-file', at('ca.pem')];
  await Promise.all([
    keytool([...trust, '-keystore', at('trust.p12'), ...own]),
    // One after the other, since both write to the same store.
    keytool([...issue, '-alias', 'broker', '-dname', 'CN=broker', '-ext', 'san=dns:localhost', ...all]).then(() =>
      keytool([...issue, '-alias', 'client', '-dname', 'CN=client', ...all]),
    ),
  ]);
  await Promise.all([take('broker'), take('client')]);
}

/** Each call starts a Java, which need not become fast. */
const quickStart = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC'];

async function keytool(words: readonly string[]): Promise<void> {
  const result = await runCommand('keytool', [...quickStart, ...words]);
  if (result.exitCode !== 0) throw new Error(`keytool ${words.join(' ')}: ${result.stdout}${result.stderr}`);
}
