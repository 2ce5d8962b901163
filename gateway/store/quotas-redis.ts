import { hash } from 'node:crypto';
import { CHARGE, CORRECT } from './quota-scripts.ts';
import type { Charge, Charged, Correction, QuotaState, Quotas } from './quotas.ts';
import type { RedisAddress } from './redis-address.ts';
import { attempted, createSendTogether, openRedisClient } from './redis-client.ts';
import { toRedisOptions } from './redis-options.ts';
import { StoreError } from './store.ts';
import { timed } from './timed.ts';

export interface RedisQuotasOptions {
  readonly address: RedisAddress;
  /** Put before every key; without braces, which decide the slot of a key in a cluster. */
  readonly prefix: string;
  /** How long a charge may take, for which a request waits, in milliseconds; 50 by default. */
  readonly timeoutMs?: number;
}

/** How long corrections may take, in milliseconds. Nobody waits for them. */
const CORRECT_TIMEOUT_MS = 1_000;

/** The scripts as ioredis adds them to a client: by their hash, and with their text when the server does not know it. */
interface Scripts {
  chargeBuffer(keys: number, ...keysAndValues: readonly (string | number)[]): Promise<unknown>;
  correctBuffer(keys: number, ...keysAndValues: readonly (string | number)[]): Promise<unknown>;
}

/**
 * Quotas in Redis (6.2 or newer), one server or a cluster. Waits until it has tried to connect, and is there without it too: then
 * everything fails at once until Redis answers.
 *
 * A charge is one call of one script. The keys of an owner share a slot, by a hash of the owner: keys tell nobody's name or address, and
 * are short whatever a client calls itself. All have a TTL.
 *
 * @throws {TypeError} for an address or a prefix that is none
 */
export async function openRedisQuotas(options: RedisQuotasOptions): Promise<Quotas> {
  const { address, prefix, timeoutMs = 50 } = options;
  if (/[{}]/.test(prefix)) throw new TypeError(`the prefix of a store has no braces: ${prefix}`);
  const client = openRedisClient(toRedisOptions(address, 2 * CORRECT_TIMEOUT_MS), 'quotas', 'tributary-quotas');
  client.defineCommand('charge', { lua: CHARGE });
  client.defineCommand('correct', { lua: CORRECT });
  const scripts = client as unknown as Scripts;
  const sendTogether = createSendTogether(client);

  function toKeys(owner: string, quotas: readonly { readonly key: string; readonly windowMs: number }[]): string[] {
    const slot = `${prefix}quota:{${toName(owner)}}`;
    // With the window: ticks of different lengths mean nothing to one another.
    return quotas.map(({ key, windowMs }) => `${slot}:${windowMs}:${PLAIN.test(key) ? key : toName(key)}`);
  }

  await attempted(client);
  return {
    isShared: true,
    charge: (owner, charges) =>
      timed('charge', timeoutMs, async () => {
        const values = charges.flatMap(({ limit, windowMs, amount, ahead }) => [limit, windowMs, amount, ahead]);
        sendTogether();
        return readCharged(await scripts.chargeBuffer(charges.length, ...toKeys(owner, charges), ...values), charges);
      }),
    correct: (corrections) =>
      timed('correct', CORRECT_TIMEOUT_MS, async () => {
        sendTogether();
        const sent = [...Map.groupBy(corrections, ({ owner }) => owner)].map(([owner, own]: [string, Correction[]]) => {
          const values = own.flatMap(({ windowMs, tick, delta }) => [windowMs, tick, delta]);
          return scripts.correctBuffer(own.length, ...toKeys(owner, own), ...values);
        });
        await Promise.all(sent);
      }),
    close: async () => client.disconnect(),
  };
}

/** What needs no hash, so that an operator sees which rule it is. */
const PLAIN = /^[\w-]{1,63}$/;

/** As good as unique: 128 bits. */
function toName(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

const NUMBERS_OF_STATE = 5;

function readCharged(reply: unknown, charges: readonly Charge[]): Charged {
  if (!Buffer.isBuffer(reply) || reply.length !== 8 * (1 + NUMBERS_OF_STATE * charges.length))
    throw new StoreError('refused', 'Redis answered something else than a charge of ours');
  const numberAt = (place: number) => reply.readDoubleLE(8 * place);
  const states = charges.map((_, index): QuotaState => {
    const at = 1 + NUMBERS_OF_STATE * index;
    const [left, forMs, ahead] = [numberAt(at), numberAt(at + 1), numberAt(at + 2)];
    return { left, forMs, ahead, waitMs: numberAt(at + 3), tick: numberAt(at + 4) };
  });
  return { isGranted: numberAt(0) === 1, states };
}
