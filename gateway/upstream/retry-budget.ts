/** How many calls may be sent again: a share of those that were sent lately, so that retries cannot multiply an outage. */
export interface RetryBudget {
  /** A call was sent for the first time. */
  deposit(): void;
  /** Takes what one further try costs, if there is that much. */
  withdraw(): boolean;
  /** Gives it back: it was not needed. */
  refund(): void;
}

/** What there is at first, and what can be saved, in tries: so few calls are sent again without that many before them. */
const RESERVE = 10;
/** A share of so many calls is saved at most. */
const MOST_CALLS = 1_000;

/** @param share of calls that may be sent again, from 0 to 1 */
export function createRetryBudget(share: number): RetryBudget {
  const most = Math.max(RESERVE, share * MOST_CALLS);
  let saved = share === 0 ? 0 : RESERVE;
  return {
    deposit: () => {
      saved = Math.min(most, saved + share);
    },
    withdraw: () => {
      if (saved < 1) return false;
      saved--;
      return true;
    },
    refund: () => {
      saved = Math.min(most, saved + 1);
    },
  };
}
