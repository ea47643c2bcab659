/** Knocks at an address with a bare socket: is it Kafka, which version, and if not, why not. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HostPort } from '../config/address.ts';
import { type ApiVersionsAnswer, decodeApiVersionsResponse, encodeApiVersionsRequest } from './api-versions-frame.ts';
import { reasonOf, type UnavailableReason } from './broker-unavailable.ts';

export type ProbeResult =
  | { readonly kind: 'answered'; readonly answer: ApiVersionsAnswer }
  | { readonly kind: 'unavailable'; readonly reason: UnavailableReason };

/** No ApiVersions response is anywhere near this; a larger length is some other protocol's text. */
const largestFrameBytes = 1024 * 1024;
const correlationId = 1;

/** One knock, answered within `timeoutMs`. Never rejects. */
export async function probe(address: HostPort, clientId: string, timeoutMs: number): Promise<ProbeResult> {
  const startMs = performance.now();
  const leftMs = () => Math.max(1, timeoutMs - (performance.now() - startMs));
  const first = await askVersions(address, 3, clientId, leftMs());
  if (first === 'unsupported') {
    const second = await askVersions(address, 0, clientId, leftMs());
    return second === 'unsupported' ? { kind: 'unavailable', reason: 'not-kafka' } : second;
  }
  // A TLS listener may hang up on a plain request without an alert: ask it in its own language.
  if (first.kind === 'unavailable' && first.reason === 'closed' && (await speaksTls(address, leftMs()))) {
    return { kind: 'unavailable', reason: 'tls' };
  }
  return first;
}

function askVersions(
  address: HostPort,
  version: 0 | 3,
  clientId: string,
  timeoutMs: number,
): Promise<ProbeResult | 'unsupported'> {
  return new Promise((resolve) => {
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => finish({ kind: 'unavailable', reason: 'timed-out' }), timeoutMs);
    const finish = (result: ProbeResult | 'unsupported') => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => socket.write(encodeApiVersionsRequest(version, correlationId, clientId)));
    socket.on('error', (error) => finish({ kind: 'unavailable', reason: reasonOf(error) }));
    socket.on('close', () => finish({ kind: 'unavailable', reason: 'closed' }));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const verdict = readAnswer(received, version);
      if (verdict !== 'more') finish(verdict);
    });
  });
}

/** Judges what has come in so far; `more`: a frame is not complete yet. */
function readAnswer(received: Buffer, version: 0 | 3): ProbeResult | 'unsupported' | 'more' {
  if (isTlsRecord(received)) return { kind: 'unavailable', reason: 'tls' };
  if (received.length < 4) return 'more';
  const length = received.readInt32BE(0);
  if (length < 6 || length > largestFrameBytes) return { kind: 'unavailable', reason: 'not-kafka' };
  if (received.length < 4 + length) return 'more';
  const decoded = decodeApiVersionsResponse(received.subarray(4, 4 + length), version, correlationId);
  switch (decoded.kind) {
    case 'answer':
      return { kind: 'answered', answer: decoded.answer };
    case 'unsupported':
      return 'unsupported';
    case 'not-kafka':
      return { kind: 'unavailable', reason: 'not-kafka' };
  }
}

/** An alert (0x15) or handshake (0x16) record of SSL 3.0 to TLS 1.3. As a frame length either would be over 300 MB. */
function isTlsRecord(bytes: Buffer): boolean {
  return bytes.length >= 3 && (bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03 && (bytes[2] ?? 5) <= 4;
}

function speaksTls(address: HostPort, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Nothing is sent over it, so whose certificate it is does not matter.
    const socket = connectTls({ host: address.host, port: address.port, rejectUnauthorized: false });
    const timer = setTimeout(() => finish(false), timeoutMs);
    const finish = (tls: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(tls);
    };
    socket.on('secureConnect', () => finish(true));
    socket.on('error', (error) => finish('code' in error && /ALERT/.test(String(error.code))));
    socket.on('close', () => finish(false));
  });
}
