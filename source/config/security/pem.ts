/** Blocks of PEM as OpenSSL reads them: in lines. Kafka's own reader takes spaces for line ends, and files rely on it. */

/** A block without headers (an old key that is locked has some: it comes from a file, in lines). */
const block = /[ \t]*-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----[ \t]*/g;
const bodyInLines = /^\r?\n(?:[A-Za-z0-9+/=]+[ \t]*\r?\n)*$/;
const lineLength = 64;

/** The same certificates and keys, each in lines. What is in lines already, or no PEM, stays as it is. */
export function inLines(pem: string): string {
  let readTo = 0;
  return pem.replace(block, (whole: string, label: string, body: string, at: number) => {
    const beginsLine = at === readTo || pem[at - 1] === '\n';
    readTo = at + whole.length;
    const endsLine = /^(?:\r?\n|$)/.test(pem.slice(readTo, readTo + 2));
    if (beginsLine && endsLine && bodyInLines.test(body)) return whole;
    const lines = [`-----BEGIN ${label}-----`, ...linesOf(body), `-----END ${label}-----`];
    return `${beginsLine ? '' : '\n'}${lines.join('\n')}${endsLine && readTo < pem.length ? '' : '\n'}`;
  });
}

function linesOf(body: string): readonly string[] {
  const base64 = body.replaceAll(/\s/g, '');
  const lines: string[] = [];
  for (let at = 0; at < base64.length; at += lineLength) lines.push(base64.slice(at, at + lineLength));
  return lines;
}
