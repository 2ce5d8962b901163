import type { ErrorCode } from '../errors.ts';
import type { RequestRecord } from '../request-record.ts';

const REFUSED = 'UNAUTHORIZED_FIELD_OR_TYPE' satisfies ErrorCode;

/**
 * Whether something went wrong. That a caller may not have all that was asked for did not: else each request of those who have no token would
 * be logged and traced, however small a share is wanted.
 */
export function hasFailed({ codes }: Pick<RequestRecord, 'codes'>): boolean {
  return codes.some((code) => code !== REFUSED);
}
