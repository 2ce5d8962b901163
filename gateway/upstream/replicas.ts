import type { Running } from '../../service/run.ts';
import type { Address } from './address.ts';
import type { OpenReplica, ReplicaState } from './open-replica.ts';
import type { Replica } from './replica.ts';

/** The addresses of a destination, which may change while it is called. */
export interface Replicas extends Running {
  readonly current: () => readonly Replica[];
  /** Those that are known keep their state; those that are gone are closed when what is under way there has ended. */
  replace(addresses: readonly Address[]): void;
  look(): readonly ReplicaState[];
}

/** @param open with whether the address comes to others that are called already, and stay */
export function createReplicas(
  addresses: readonly Address[],
  open: (address: Address, isNewcomer: boolean) => OpenReplica,
): Replicas {
  const closing = new Set<Promise<void>>();
  let opened = new Map<string, OpenReplica>();
  let current: readonly Replica[] = [];

  function replace(next: readonly Address[]): void {
    const before = opened;
    opened = new Map();
    const isNewcomer = next.some((address) => before.has(keyOf(address)));
    for (const address of next) {
      const key = keyOf(address);
      if (!opened.has(key)) opened.set(key, before.get(key) ?? open(address, isNewcomer));
    }
    current = [...opened.values()].map(({ replica }) => replica);
    for (const [key, one] of before) if (!opened.has(key)) close(one);
  }

  function close(one: OpenReplica): void {
    const closed = one.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  replace(addresses);
  return {
    current: () => current,
    replace,
    look: () => [...opened.values()].map((one) => one.look()),
    close: async () => {
      for (const one of opened.values()) close(one);
      await Promise.all(closing);
    },
  };
}

function keyOf({ url, endpoint }: Address): string {
  return `${url} ${endpoint.ip ?? ''}`;
}
