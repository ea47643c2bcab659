/** One login of a SASL mechanism, message by message, apart from the connection that carries it. */

/** A mechanism's side of the client. One object for one login. */
export interface SaslExchange {
  /** The name that the broker is told, e.g. "SCRAM-SHA-512". */
  readonly mechanism: string;
  /** What is sent first. */
  first(): Promise<Buffer> | Buffer;
  /** What is sent after an answer of the broker; null: nothing more. Throws where the answer proves nothing. */
  next(answer: Buffer): Buffer | null;
}
