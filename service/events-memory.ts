import type { DomainEvent, Events, Subscription } from './events.ts';

/** Who shares the events of a group. Once known, a group is owed every event, also while none of its members is there. */
interface Group {
  readonly name: string;
  types: readonly string[];
  readonly members: Subscription[];
}

/**
 * Events inside one process. `publish` resolves when every group has dealt with the event, and rejects when one has not,
 * or has left: the publisher's outbox keeps the event and tries again, which makes delivery at least once here too.
 */
export function createMemoryEvents(): Events {
  const groups = new Map<string, Group>();
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;

  async function deliver(event: DomainEvent): Promise<void> {
    const owed = [...groups.values()].filter(({ types }) => types.includes(event.type));
    const outcomes = await Promise.allSettled(owed.map((group) => deliverTo(group, event)));
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    if (failures.length > 0) throw new AggregateError(failures, `event ${event.type} ${event.id} was not dealt with`);
  }

  return {
    async publish(event) {
      if (isClosed) throw new Error('Events are closed.');
      const delivery = deliver(event);
      underWay.add(delivery);
      await delivery.finally(() => underWay.delete(delivery));
    },
    async subscribe(subscription) {
      const group = groups.get(subscription.group) ?? { name: subscription.group, types: [], members: [] };
      groups.set(subscription.group, group);
      group.types = subscription.types;
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

async function deliverTo({ name, members }: Group, event: DomainEvent): Promise<void> {
  const member = members.shift();
  if (member === undefined) throw new Error(`nobody of ${name} is there`);
  // The next event is another member's turn.
  members.push(member);
  await member.handle(event);
}
