/**
 * Why there is no reply. `unsendable`: the call cannot be written. `circuit open`: its addresses have failed so often that they are not asked for now. `overloaded`: too many wait
 * for it already.
 */
export type UpstreamFault =
  | 'unreachable'
  | 'unsendable'
  | 'timeout'
  | 'too large'
  | 'cancelled'
  | 'circuit open'
  | 'overloaded';

export interface UpstreamErrorOptions extends ErrorOptions {
  /** Whether it may have arrived: then only what is idempotent may be sent again. */
  readonly wasSent: boolean;
  /** Of a `timeout`: whether less time was given than the destination has. */
  readonly wasCutShort?: boolean;
}

/** There is no complete reply. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly fault: UpstreamFault;
  readonly wasSent: boolean;
  readonly wasCutShort: boolean;

  constructor(
    fault: UpstreamFault,
    message: string,
    { wasSent, wasCutShort = false, ...options }: UpstreamErrorOptions,
  ) {
    super(message, options);
    this.fault = fault;
    this.wasSent = wasSent;
    this.wasCutShort = wasCutShort;
  }
}

/** Whether an address that fails so is at fault itself: not whoever left or would not wait, and not what it was asked for. */
export function isAddressFault(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    (error.fault === 'unreachable' || (error.fault === 'timeout' && !error.wasCutShort))
  );
}

/** Answers of servers that could not do it now, and of proxies in front of servers that are away (RFC 9110, 15.6). */
export function isUnavailable(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}
