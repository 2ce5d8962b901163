import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRandom, type Random } from '../../../scripts/prove/random.ts';
import { ClosingStack } from '../../../service/run.ts';
import { freePort } from '../../support/free-port.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { createClients } from './property-clients.ts';
import { createModel } from './property-model.ts';
import { IDS, openWorld, type World } from './property-world.ts';

/** `CACHE_SEED` repeats the choices of a run (the machine's timing is its own), `CACHE_SECONDS` makes it longer. */
const SEED = Number(process.env.CACHE_SEED ?? Date.now() % 2 ** 31);
const DURATION_MS = Number(process.env.CACHE_SECONDS ?? 10) * 1_000;
const CLIENTS = 16;

describeWithRedisServer('whatever clients, operators, services and the network do', () => {
  const stack = new ClosingStack();
  let redis: RedisServer | undefined;
  afterEach(async () => {
    if (redis !== undefined) process.kill(redis.processId, 'SIGCONT');
    await stack.close();
    await redis?.close();
  });

  it(
    'gives nobody what is of another, nothing too old, nothing purged, and to each what they wrote',
    async () => {
      console.log(`CACHE_SEED=${SEED}`);
      const port = await freePort();
      redis = await startRedisServer(port);
      const world = await openWorld(stack, port, createRandom(SEED + CLIENTS + 2));
      const clients = await createClients(world, createModel(world.longestFetchMs), createRandom(SEED - 1));
      const until = Date.now() + DURATION_MS;
      const isOver = () => Date.now() > until || clients.faults.length > 0;

      async function act(random: Random): Promise<void> {
        while (!isOver()) await clients.act(random);
      }

      /** Bad weather: each kind of it once, in any order, then again. */
      async function storm(random: Random, kinds: readonly ((random: Random) => Promise<void>)[], restMs: number) {
        let left: typeof kinds = [];
        while (!isOver()) {
          await pause(restMs * (0.5 + random.next()));
          if (left.length === 0) left = kinds;
          const kind = random.pick(left);
          left = left.filter((one) => one !== kind);
          await kind(random);
        }
      }

      async function pauseRedis(random: Random): Promise<void> {
        const { processId } = redis ?? { processId: 0 };
        process.kill(processId, 'SIGSTOP');
        await pause(random.next() * 500);
        process.kill(processId, 'SIGCONT');
      }

      async function restartRedis(random: Random): Promise<void> {
        await redis?.close();
        redis = undefined;
        await pause(random.next() * 300);
        redis = await startRedisServer(port);
      }

      async function cutSecond(random: Random): Promise<void> {
        world.proxy.isCut = true;
        world.proxy.cutAll();
        await pause(400 + random.next() * 500);
        world.proxy.isCut = false;
      }

      async function writeGarbage(random: Random): Promise<void> {
        const raw = new Redis(port, '127.0.0.1');
        const keys = (await raw.keys(`${world.prefix}*`)).filter((key) => !key.includes('{purge}'));
        for (const key of keys) if (random.chance(0.3)) await raw.set(key, `garbage ${random.next()}`, 'PX', 5_000);
        await raw.quit();
      }

      await Promise.all([
        ...Array.from({ length: CLIENTS }, (_, index) => act(createRandom(SEED + index))),
        // After each of these a gateway leaves Redis alone for a second or more: seldom, so that things are kept between them.
        storm(createRandom(SEED + CLIENTS), [pauseRedis, restartRedis, writeGarbage, cutSecond], 2_000),
        storm(createRandom(SEED + CLIENTS + 1), [failSubgraph, slowSubgraph, breakItem], 700),
      ]);
      console.log(JSON.stringify(clients.counts));
      expect(clients.faults).toEqual([]);
      // Else it would say nothing about what is kept.
      expect(clients.counts.hits).toBeGreaterThan(50);

      async function failSubgraph(random: Random): Promise<void> {
        const failing = random.pick(world.subgraphs);
        failing.failure = 503;
        await pause(random.next() * 200);
        failing.failure = undefined;
      }

      async function breakItem(random: Random): Promise<void> {
        const id = random.pick(IDS);
        world.broken.add(id);
        await pause(random.next() * 300);
        world.broken.delete(id);
      }

      async function slowSubgraph(random: Random): Promise<void> {
        const slow: World['subgraphs'][number] = random.pick(world.subgraphs);
        slow.gate = pause(random.next() * 300);
        await slow.gate;
        slow.gate = undefined;
      }
    },
    DURATION_MS + 30_000,
  );
});
