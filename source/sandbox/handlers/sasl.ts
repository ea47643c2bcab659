/** Logins: SaslHandshake names the mechanism, SaslAuthenticate carries its messages. */
import { errorCode } from '../protocol/error-codes.ts';
import { type Handler, replyNow } from './handler.ts';

export const saslHandshake: Handler = ({ reader, login }, writer) => {
  const isOffered = login.begin(reader.string());
  // Where nobody logs in, whoever tries is told so, as Kafka does it.
  const refusal = login.mechanisms.length === 0 ? errorCode.illegalSaslState : errorCode.unsupportedSaslMechanism;
  writer.int16(isOffered ? errorCode.none : refusal);
  writer.array(login.mechanisms, (name) => {
    writer.string(name);
  });
  return replyNow;
};

export const saslAuthenticate: Handler = ({ reader, login, version }, writer) => {
  const outcome = login.take(reader.copiedBytes());
  writer.int16(outcome === null ? errorCode.saslAuthenticationFailed : errorCode.none);
  writer.string(outcome === null ? 'Authentication failed: no such user, or another password' : null);
  writer.byteArray(outcome?.answer ?? Buffer.alloc(0));
  if (version >= 1) writer.int64(outcome?.lifetimeMs ?? 0);
  writer.tags();
  return replyNow;
};
