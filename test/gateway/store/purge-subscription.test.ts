import { expect, it } from '@jest/globals';
import { openRedisStore } from '../../../gateway/store/store-redis.ts';
import { ClosingStack } from '../../../service/run.ts';
import { startRedisServer } from '../../support/redis-server.ts';
import { describeWithRedisServer } from '../../support/servers.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

const isAcknowledgement = (chunk: Buffer) => chunk.includes('$9\r\nsubscribe\r\n');

describeWithRedisServer('a subscription to purges', () => {
  it('ends while it subscribes again, and nothing is thrown that nobody catches', async () => {
    const stack = new ClosingStack();
    const server = stack.add('server', await startRedisServer());
    const proxy = stack.add('proxy', await startTcpProxy(Number(new URL(server.url).port)));
    const thrown: unknown[] = [];
    const note = (error: unknown) => thrown.push(error);
    process.on('unhandledRejection', note);
    const { promise: subscribed, resolve: onSubscribed } = Promise.withResolvers<void>();
    const { promise: subscribedAgain, resolve: onSubscribedAgain } = Promise.withResolvers<void>();
    proxy.onReply = (chunk) => {
      if (isAcknowledgement(chunk)) onSubscribed();
      return chunk;
    };
    const store = await openRedisStore({
      address: { urls: [`redis://127.0.0.1:${proxy.port}`] },
      prefix: 'test:',
      readTimeoutMs: 2_000,
      writeTimeoutMs: 2_000,
    });
    store.purges.onPurge(() => undefined);
    await subscribed;
    proxy.onReply = (chunk) => {
      if (!isAcknowledgement(chunk)) return chunk;
      onSubscribedAgain();
      return undefined;
    };
    proxy.cutAll();
    await subscribedAgain;
    await store.close();
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(thrown).toEqual([]);
    await stack.close();
  });
});
