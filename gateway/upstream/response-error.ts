/** Bytes that are no response of HTTP/1.1, or a response that is larger than is wanted. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  readonly fault: 'malformed' | 'too large';

  constructor(fault: 'malformed' | 'too large', message: string) {
    super(message);
    this.fault = fault;
  }
}
