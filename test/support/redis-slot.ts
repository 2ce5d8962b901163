import type { RedisCluster, RedisNode } from './redis-cluster.ts';

/** Moves one slot of a cluster from master to master, step by step, as a resharding does. */
export interface SlotMove {
  readonly from: RedisNode;
  readonly to: RedisNode;
  /** From now on what is not at the old place any more is to be asked for at the new one. */
  begin(): Promise<void>;
  /** Moves these keys, or all that are left. */
  moveKeys(...keys: readonly string[]): Promise<void>;
  /** The slot is the new one's; clients learn of it by their next question to the old one. */
  end(): Promise<void>;
}

/** @param key any key of the slot */
export async function prepareSlotMove({ masters }: RedisCluster, key: string): Promise<SlotMove> {
  const [any] = masters;
  const slot = (await any?.raw.cluster('KEYSLOT', key)) as number;
  const from = await findOwner(masters, slot);
  const to = masters.find((node) => node !== from) as RedisNode;
  return {
    from,
    to,
    begin: async () => {
      await to.raw.cluster('SETSLOT', slot, 'IMPORTING', from.id);
      await from.raw.cluster('SETSLOT', slot, 'MIGRATING', to.id);
    },
    moveKeys: async (...given) => {
      const keys = given.length > 0 ? given : await from.raw.cluster('GETKEYSINSLOT', slot, 1_000);
      await from.raw.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, 'KEYS', ...keys);
    },
    end: async () => {
      for (const { raw } of [to, from, ...masters]) await raw.cluster('SETSLOT', slot, 'NODE', to.id);
    },
  };
}

/** The master of a key. */
export async function findMaster({ masters }: RedisCluster, key: string): Promise<RedisNode> {
  return findOwner(masters, (await masters[0]?.raw.cluster('KEYSLOT', key)) as number);
}

async function findOwner(masters: readonly RedisNode[], slot: number): Promise<RedisNode> {
  const ranges = ((await masters[0]?.raw.cluster('SLOTS')) ?? []) as unknown as [number, number, [string, number]][];
  const [, , [, port]] = ranges.find(([first, last]) => first <= slot && slot <= last) as (typeof ranges)[0];
  return masters.find((node) => node.port === port) as RedisNode;
}
