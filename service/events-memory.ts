import type { DomainEvent, Events, Subscription } from './events.ts';
import type { Log } from './logs.ts';

export interface MemoryEventsOptions {
  readonly log: Log;
  /** After so many deliveries an event is put aside: in the log, whole. */
  readonly maxDeliveries?: number;
}

/** Who shares the events of a group. Once known, a group is owed every event, also while none of its members is there. */
interface Group {
  readonly name: string;
  types: readonly string[];
  readonly members: Subscription[];
  /** How often each event failed. */
  readonly failures: Map<string, number>;
}

/**
 * Events inside one process. `publish` resolves when every group has dealt with the event, and rejects when one has not,
 * or has left: the publisher's outbox keeps the event and tries again, which makes delivery at least once here too. An event
 * that always fails would hold up those behind it in the outbox, so it is put aside in the end.
 */
export function createMemoryEvents({ log, maxDeliveries = 20 }: MemoryEventsOptions): Events {
  const groups = new Map<string, Group>();
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;

  async function deliver(event: DomainEvent): Promise<void> {
    const owed = [...groups.values()].filter(({ types }) => types.includes(event.type));
    const outcomes = await Promise.allSettled(owed.map((group) => deliverTo(group, event)));
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    if (failures.length > 0) throw new AggregateError(failures, `event ${event.type} ${event.id} was not dealt with`);
  }

  async function deliverTo({ name, members, failures }: Group, event: DomainEvent): Promise<void> {
    const member = members.shift();
    if (member === undefined) throw new Error(`nobody of ${name} is there`);
    // The next event is another member's turn.
    members.push(member);
    const delivery = (failures.get(event.id) ?? 0) + 1;
    try {
      await member.handle(event);
    } catch (error) {
      if (delivery < maxDeliveries) {
        failures.set(event.id, delivery);
        throw error;
      }
      log.error({ err: error, event, group: name, delivery }, 'gave up on an event');
    }
    failures.delete(event.id);
  }

  return {
    async publish(event) {
      if (isClosed) throw new Error('Events are closed.');
      const delivery = deliver(event);
      underWay.add(delivery);
      await delivery.finally(() => underWay.delete(delivery));
    },
    async subscribe(subscription) {
      const { group: name, types } = subscription;
      const group = groups.get(name) ?? { name, types, members: [], failures: new Map<string, number>() };
      groups.set(name, group);
      group.types = types;
      group.members.push(subscription);
      return {
        close: async () => {
          if (group.members.includes(subscription)) group.members.splice(group.members.indexOf(subscription), 1);
          await Promise.allSettled(underWay);
        },
      };
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}
