/** Bytes that are no response of HTTP/1.1, or a response that is larger than is wanted. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly fault: 'malformed' | 'too large';

  constructor(fault: 'malformed' | 'too large', message: string) {
    super(message);
    this.fault = fault;
  }
}
