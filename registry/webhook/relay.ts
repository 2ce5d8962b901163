import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { type ClaimedDelivery, claimDelivery, forgetDeliveries, settleDelivery } from '../storage/deliveries.ts';
import { send } from './send.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly log: Log;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a delivery is tried before it is given up. */
  readonly attempts: number;
  /** How many webhooks are called at once, each with one delivery at a time. */
  readonly concurrency: number;
  readonly now?: () => Date;
  /** How often to look for what is due, in milliseconds. */
  readonly pollIntervalMs?: number;
  /** How long to wait after so many failures, in milliseconds. */
  readonly pauseAfter?: (failures: number) => number;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;
/** Above the time that an attempt takes, until another process takes it over. */
const LEASE_MARGIN_MS = 30_000;
const KEPT_MS = 30 * 24 * 3_600_000;
const FORGET_EVERY_MS = 3_600_000;

/** Four times as long after each failure, and less by chance, so that what failed together is not tried together again. */
export function pauseAfter(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 4 ** (failures - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
}

/**
 * Tells webhooks what was written down for them: at least once, one after the other for each webhook, so that one that hangs holds
 * up no other. What fails is tried again later, so often, and then given up; that, and what the last attempt came to, stays in the
 * table for thirty days. Several processes share the work: a delivery is one's until its lease is over.
 */
export function relayDeliveries(options: RelayOptions): Running {
  const { database, log, concurrency, now = () => new Date(), pollIntervalMs = 1_000 } = options;
  const { query } = database;
  const inHand = new Map<string, Promise<void>>();
  const closing = new AbortController();
  let wake: () => void = () => undefined;
  let failures = 0;
  let forgotAt = Number.NEGATIVE_INFINITY;

  async function keepRelaying(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await takeDue();
        await forgetOld();
        failures = 0;
      } catch (error) {
        failures++;
        if (failures === 1) log.warn({ err: error }, 'webhooks are told when the database is back');
      }
      await pause(Math.min(pollIntervalMs * 2 ** failures, 30_000));
    }
    await Promise.all(inHand.values());
  }

  async function takeDue(): Promise<void> {
    while (inHand.size < concurrency && !closing.signal.aborted) {
      const until = new Date(now().getTime() + options.timeoutMs + LEASE_MARGIN_MS);
      const claimed = await claimDelivery(query, { now: now(), until, busy: [...inHand.keys()] });
      if (claimed === undefined) return;
      const { webhookId } = claimed;
      const work = deliver(claimed)
        .catch((error: unknown) => log.warn({ err: error }, 'what became of a webhook was not written down'))
        .finally(() => {
          inHand.delete(webhookId);
          wake();
        });
      inHand.set(webhookId, work);
    }
  }

  async function deliver(claimed: ClaimedDelivery): Promise<void> {
    const { attempts } = claimed;
    const { signal } = closing;
    const { isDelivered, outcome } = await send(claimed, { now: now(), timeoutMs: options.timeoutMs, signal });
    if (isDelivered) return settleDelivery(query, claimed, { state: 'delivered', lastOutcome: outcome });
    // Not its fault: whoever starts next tries again at once.
    if (signal.aborted) return settleDelivery(query, claimed, { nextAttemptAt: now(), attempts: attempts - 1 });
    const isOver = attempts >= options.attempts;
    log.warn({ webhook: claimed.webhookId, attempts, outcome, isOver }, 'a webhook was not told');
    if (isOver) return settleDelivery(query, claimed, { state: 'given up', lastOutcome: outcome });
    const pauseMs = (options.pauseAfter ?? pauseAfter)(attempts);
    const nextAttemptAt = new Date(now().getTime() + pauseMs);
    return settleDelivery(query, claimed, { nextAttemptAt, lastOutcome: outcome });
  }

  async function forgetOld(): Promise<void> {
    const at = now().getTime();
    if (at - forgotAt < FORGET_EVERY_MS) return;
    forgotAt = at;
    await forgetDeliveries(query, new Date(at - KEPT_MS));
  }

  /** Until then, or until there is room for more. */
  function pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, closing.signal.aborted ? 0 : durationMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const relaying = keepRelaying();
  return {
    async close() {
      closing.abort();
      wake();
      await relaying;
    },
  };
}
