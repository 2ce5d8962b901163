import type { DomainEvent, Events, Subscription } from './events.ts';

/**
 * Events inside one process. `publish` resolves when every subscriber has dealt with the event, and rejects when one has
 * not: the publisher's outbox keeps the event and tries again, which makes delivery at least once here too.
 */
export function createMemoryEvents(): Events {
  const subscriptions = new Set<Subscription>();
  const underWay = new Set<Promise<unknown>>();

  async function deliver(event: DomainEvent): Promise<void> {
    const interested = [...subscriptions].filter(({ types }) => types.includes(event.type));
    const outcomes = await Promise.allSettled(interested.map(async ({ handle }) => handle(event)));
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    if (failures.length > 0) throw new AggregateError(failures, `event ${event.type} ${event.id} was not dealt with`);
  }

  return {
    async publish(event) {
      const delivery = deliver(event);
      underWay.add(delivery);
      try {
        await delivery;
      } finally {
        underWay.delete(delivery);
      }
    },
    async subscribe(subscription) {
      subscriptions.add(subscription);
      return {
        close: async () => {
          subscriptions.delete(subscription);
          await Promise.allSettled(underWay);
        },
      };
    },
    async close() {
      subscriptions.clear();
      await Promise.allSettled(underWay);
    },
  };
}
