import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { demoId } from '../../../subgraphs/demo.ts';
import { describeOnEachPostgres, describeWithRedisServer, type TestDatabase } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { type KillableOrders, STREAM, type Surviving, startSurviving } from './start-killable.ts';
import { type PlacedOrder, place } from './start-orders.ts';

const ADA = demoId('user', 1);
const GEAR = demoId('product', 1);
const QUANTITY = 2;
/** A lock that only the test takes, and a trigger of the test waits for. */
const LOCK = 4711;

/**
 * Between each pair of steps of an order the process is killed, for real. Then another is started, the customer tries again
 * with the same key, and all must be as if nothing had happened.
 */
describeWithRedisServer('orders that is killed', () => {
  describeOnEachPostgres('and started again', (kind) => {
    let database: TestDatabase;
    let others: Surviving;
    let redis: Redis;
    let client: Client;
    /** That of the test before, as the customer left it; `undefined` when it was killed. */
    let orders: KillableOrders | undefined;
    let ada: string;
    let key: string;
    let stockBefore: number;

    beforeAll(async () => {
      database = await kind.create();
      others = await startSurviving(database.url);
      redis = new Redis(others.redis.url, { protocol: 2 });
      ada = await others.issuer.token({ subject: ADA });
    });
    beforeEach(async () => {
      client = new Client({ connectionString: database.url });
      await client.connect();
      key = randomUUID();
      stockBefore = await onHand();
      orders ??= await others.startOrders();
    }, 30_000);
    afterEach(async () => {
      await client.end();
      others.onTheWay.there = async () => undefined;
      others.onTheWay.back = async () => undefined;
    });
    afterAll(async () => {
      await redis.quit();
      await others.close();
      await database.close();
    });

    const value = async (sql: string, ...parameters: unknown[]) => {
      const { rows } = await others.products.pool.query<{ value: unknown }>(`select (${sql}) as value`, parameters);
      return rows[0]?.value;
    };
    const onHand = async () => Number(await value('select on_hand from products.stock where product_id = $1', GEAR));
    const kill = async () => {
      await orders?.kill();
      orders = undefined;
    };
    const send = () => place(orders?.url ?? '', ada, [[GEAR, QUANTITY]], key);
    /** Sends an order whose answer will not come. */
    const sendInVain = () => send().catch(() => undefined);
    /** Time passes: what the dead process had in hand is free again. */
    const leaseIsOver = () => client.query('update orders.outbox set claimed_until = null');
    /** The ids of the events that tell that an order was placed, each time that it was told. */
    const toldOf = async (orderId: string) => {
      const entries = await redis.xrange(STREAM, '-', '+');
      return entries
        .filter(([, fields]) => fields.includes('order.placed') && fields.join().includes(orderId))
        .map(([, fields]) => fields[1]);
    };

    /** The customer tries again, after the restart. */
    async function tryAgain(): Promise<PlacedOrder> {
      orders = await others.startOrders();
      const { data, codes } = await send();
      expect(codes).toEqual([]);
      expect(data.placeOrder).toMatchObject({ status: 'PLACED', total: '25.00' });
      return data.placeOrder as PlacedOrder;
    }

    /** One order, its stock taken once, and one notification. @returns how often it was told */
    async function expectPlacedOnce({ id }: PlacedOrder): Promise<number> {
      const notifications = 'select count(*) from notifications.notification where order_id = $1';
      await until(async () => (await value(notifications, id)) === '1');
      await until(async () => (await onHand()) === stockBefore - QUANTITY);
      await until(async () => (await value('select count(*) from orders.outbox')) === '0');
      expect(await value('select count(*) from orders."order" where id = $1', id)).toBe('1');
      expect(await value('select count(*) from orders.order_line where order_id = $1', id)).toBe('1');
      expect(await value('select state from products.reservation where order_key = $1', id)).toBe('committed');
      expect(await value(`select count(*) from products.reservation where state = 'held'`)).toBe('0');
      expect(await value(notifications, id)).toBe('1');
      const told = await toldOf(id);
      expect(new Set(told).size).toBe(1);
      return told.length;
    }

    it('before its stock was reserved', async () => {
      const received = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      const answered = Promise.withResolvers<void>();
      others.onTheWay.there = () => {
        received.resolve();
        return held.promise;
      };
      others.onTheWay.back = async () => answered.resolve();
      const lost = sendInVain();
      await received.promise;
      await kill();
      await lost;
      expect(await value('select count(*) from orders."order"')).toBe('0');
      others.onTheWay.there = async () => undefined;
      others.onTheWay.back = async () => undefined;
      const placed = await tryAgain();
      // What was under way arrives late, when the order was placed already.
      held.resolve();
      await answered.promise;
      expect(await expectPlacedOnce(placed)).toBe(1);
    }, 60_000);

    it('when its stock was reserved, before it heard of it', async () => {
      others.onTheWay.back = async () => {
        others.onTheWay.back = async () => undefined;
        await kill();
      };
      await sendInVain();
      expect(await value(`select count(*) from products.reservation where state = 'held'`)).toBe('1');
      expect(await expectPlacedOnce(await tryAgain())).toBe(1);
    }, 60_000);

    it('when the order was placed, before anybody was told', async () => {
      process.kill(others.redis.processId, 'SIGSTOP');
      const { data } = await send();
      await kill();
      expect(await value(`select count(*) from orders.outbox where type = 'order.placed'`)).toBe('1');
      await leaseIsOver();
      process.kill(others.redis.processId, 'SIGCONT');
      const placed = await tryAgain();
      expect(placed).toEqual(data.placeOrder);
      expect(await expectPlacedOnce(placed)).toBeGreaterThanOrEqual(1);
    }, 60_000);

    // The embedded Postgres has one session, in which nothing can wait for another's lock.
    if (kind.name === 'embedded Postgres') return;

    it('within its transaction', async () => {
      await client.query('begin');
      await client.query('lock table orders.order_line in access exclusive mode');
      const lost = sendInVain();
      const waiting = `select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into "orders"."order_line"%'`;
      await until(async () => (await value(waiting)) === true);
      await kill();
      await lost;
      await client.query('rollback');
      await until(async () => (await value(waiting)) === false);
      expect(await value(`select count(*) from products.reservation where state = 'held'`)).toBe('1');
      expect(await expectPlacedOnce(await tryAgain())).toBe(1);
    }, 60_000);

    it('when others were told, before it noted that', async () => {
      await client.query(`select pg_advisory_lock(${LOCK})`);
      await client.query(
        `create function orders.wait() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(${LOCK}); return old; end $$`,
      );
      await client.query(
        `create trigger wait before delete on orders.outbox for each row when (old.type = 'order.placed') execute function orders.wait()`,
      );
      const { data } = await send();
      await until(async () => (await toldOf(data.placeOrder?.id ?? '')).length === 1);
      const waiting = `from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`;
      await until(async () => (await value(`select count(*) ${waiting}`)) === '1');
      await kill();
      // Postgres would notice the death only when its lock comes, and delete the row then.
      await value(`select count(pg_terminate_backend(pid)) ${waiting}`);
      await until(async () => (await value(`select count(*) ${waiting}`)) === '0');
      await client.query(`select pg_advisory_unlock(${LOCK})`);
      await client.query('drop function orders.wait cascade');
      await leaseIsOver();
      const placed = await tryAgain();
      expect(placed).toEqual(data.placeOrder);
      expect(await expectPlacedOnce(placed)).toBe(2);
    }, 60_000);
  });
});
