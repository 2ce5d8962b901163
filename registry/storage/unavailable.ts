import { RegistryError } from '../errors.ts';

/** Of the system below, and classes of SQLSTATE: connection exceptions, the server shuts down or starts, no connection left, a query that took too long. */
const CODES =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE|ENOENT|08\w{3}|57P0[1-3]|57014|53300)$/;
/** What the driver says without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|timeout expired|Client has encountered a connection error|Client was closed|Cannot use a pool)/;

/**
 * What a question to the database failed of: DATABASE_UNAVAILABLE when it cannot be reached, else the error as it is. After it, a
 * change may have been made or not: only its answer is lost.
 */
export function toRegistryError(error: unknown): unknown {
  return !(error instanceof RegistryError) && isUnavailable(error)
    ? new RegistryError('DATABASE_UNAVAILABLE', undefined, { cause: error })
    : error;
}

/** Does some work with the database. @throws what `toRegistryError` makes of its failure */
export async function reaching<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toRegistryError(error);
  }
}

function isUnavailable(error: unknown): boolean {
  // Not `instanceof`: what Node itself makes is of another realm than code that runs in a context of its own, such as a test's.
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, errors, cause }: { code?: unknown; message?: unknown; errors?: unknown; cause?: unknown } =
    error;
  if (typeof code === 'string' && CODES.test(code)) return true;
  if (typeof message === 'string' && MESSAGES.test(message)) return true;
  return Array.isArray(errors) ? errors.some(isUnavailable) : isUnavailable(cause);
}
