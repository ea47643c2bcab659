/** Blocks of PEM as OpenSSL reads them: in lines. Kafka's own reader takes spaces for line ends, and files rely on it. */

/** A block without headers (an old key that is locked has some: it comes from a file, in lines). */
const block = /[ \t]*-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----[ \t]*/g;
const lineLength = 64;

/** The same certificates and keys, each in lines. What is in lines already, or no PEM, stays as it is. */
export function inLines(pem: string): string {
  return pem.replace(block, (whole: string, label: string, body: string) => {
    if (/^\r?\n/.test(body)) return whole;
    const base64 = body.replaceAll(/\s/g, '');
    const lines: string[] = [];
    for (let at = 0; at < base64.length; at += lineLength) lines.push(base64.slice(at, at + lineLength));
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
  });
}
