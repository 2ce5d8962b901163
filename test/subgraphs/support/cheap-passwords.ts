import { createPasswords, type Passwords } from '../../../subgraphs/users/passwords.ts';

/** The real hashes at a hundredth of their cost, for tests that log in often. `passwords.test.ts` runs them in full. */
export function cheapPasswords(): Passwords {
  return createPasswords({ ln: 10, r: 8, p: 1 });
}
