import { codedError } from '../errors.ts';

/** How many passwords one request may have hashed: people log in once, and two at a time are hashed for everyone. */
const MOST_HASHES = 3;

/** Counts one more password to hash. */
export type SpendHash = () => void;

/** The allowance of one request: aliases let one operation hold thousands of logins. @throws a coded BAD_USER_INPUT when it is used up */
export function createHashAllowance(): SpendHash {
  let left = MOST_HASHES;
  return () => {
    if (left === 0) {
      throw codedError('BAD_USER_INPUT', `One request may hold at most ${MOST_HASHES} of login and register.`);
    }
    left--;
  };
}
