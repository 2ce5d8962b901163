import { GraphQLError } from 'graphql';

/** Every code a subgraph answers with: the status it has over REST, and what it says when nothing more precise is known. */
const ERRORS = {
  BAD_USER_INPUT: { status: 400, message: 'The input is not valid.' },
  UNAUTHENTICATED: { status: 401, message: 'You must be logged in: send an access token as a bearer token.' },
  INVALID_CREDENTIALS: { status: 401, message: 'The email or the password is not right.' },
  INVALID_REFRESH_TOKEN: { status: 401, message: 'The refresh token is not valid any more; log in again.' },
  FORBIDDEN: { status: 403, message: 'You may not do this.' },
  NOT_FOUND: { status: 404, message: 'There is no such thing.' },
  CONFLICT: { status: 409, message: 'This does not fit the present state.' },
  EMAIL_TAKEN: { status: 409, message: 'Somebody has registered with this email already.' },
  OUT_OF_STOCK: { status: 409, message: 'There is not enough in stock.' },
  RESERVATION_MISMATCH: { status: 409, message: 'This key was used for a reservation of something else.' },
  RESERVATION_RELEASED: { status: 409, message: 'This reservation was released.' },
  UNKNOWN_PRODUCT: { status: 422, message: 'There is no such product.' },
  SERVICE_UNAVAILABLE: { status: 503, message: 'A service that this needs does not answer; try again later.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/**
 * An error that is meant for the caller; its code is in `extensions.code`, over GraphQL and REST alike.
 *
 * @param details more `extensions`, for programs: `{ argument: 'first' }`
 */
export function codedError(
  code: ErrorCode,
  message: string = ERRORS[code].message,
  details: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { ...details, code } });
}

/** Something wrong with one argument. `message` goes on after its name: `must be between 1 and 100`. */
export function badUserInput(argument: string, message: string): GraphQLError {
  return codedError('BAD_USER_INPUT', `${argument} ${message}`, { argument });
}

/** The HTTP status of a coded error; `undefined` for everything else that is thrown. */
export function statusOf(error: unknown): number | undefined {
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  return typeof code === 'string' && code in ERRORS ? ERRORS[code as ErrorCode].status : undefined;
}
