import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AddressError } from '../../../gateway/upstream/address.ts';
import { createUpstreams, type Upstreams } from '../../../gateway/upstream/upstreams.ts';
import { createLog } from '../../../service/logs.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { upstreamDefaults } from '../../support/upstream-options.ts';

/** A server that says its name, and knows how many connections it has. */
interface NamedServer extends RawServer {
  readonly connections: () => number;
  /** How many it ever had. */
  readonly connectionsMade: () => number;
}

async function startNamedServer(name: string): Promise<NamedServer> {
  let connections = 0;
  let connectionsMade = 0;
  const counted = new WeakSet<object>();
  const server = await startRawServer((request, response) => {
    if (!counted.has(request.socket)) {
      counted.add(request.socket);
      connections++;
      connectionsMade++;
      request.socket.once('close', () => connections--);
    }
    request.resume().on('end', () => response.end(name));
  });
  return { ...server, connections: () => connections, connectionsMade: () => connectionsMade };
}

describe('the destinations of a graph', () => {
  let one: NamedServer;
  let other: NamedServer;
  let upstreams: Upstreams;
  const [before, after] = [{ id: 'before' }, { id: 'after' }];

  beforeEach(async () => {
    one = await startNamedServer('one');
    other = await startNamedServer('other');
    upstreams = createUpstreams({
      overrides: {},
      defaults: { ...upstreamDefaults(), connections: 1 },
      log: createLog('test', 'silent'),
    });
  });
  afterEach(async () => {
    await upstreams.close();
    await one.close();
    await other.close();
  });

  async function ask(graph: object, name: string): Promise<string> {
    const held = upstreams.hold(graph);
    try {
      return (await held.send(name)({ method: 'GET', headers: {} })).body.toString();
    } finally {
      held.release();
    }
  }

  it.each(['', '/graphql', 'ftp://localhost/', 'localhost:4001'])(
    'are all as they were when one of the next graph has the address "%s"',
    async (url) => {
      upstreams.open(before, [
        { name: 'a', url: one.url },
        { name: 'b', url: one.url },
      ]);
      const next = [
        { name: 'a', url: other.url },
        { name: 'b', url },
      ];
      expect(() => upstreams.open(after, next)).toThrow(AddressError);
      expect(() => upstreams.open(after, next)).toThrow(`subgraph "b" cannot be reached at "${url}"`);
      expect([await ask(before, 'a'), await ask(before, 'b')]).toEqual(['one', 'one']);
      expect(() => upstreams.hold(after)).toThrow(TypeError);
    },
  );

  it('are closed when no graph has them any more', async () => {
    upstreams.open(before, [{ name: 'a', url: one.url }]);
    await ask(before, 'a');
    expect(one.connections()).toBe(1);
    upstreams.open(after, [{ name: 'b', url: other.url }]);
    upstreams.retire(before);
    await until(() => one.connections() === 0);
    expect(await ask(after, 'b')).toBe('other');
  });

  it('keep their connections when the next graph has them too', async () => {
    upstreams.open(before, [{ name: 'a', url: one.url }]);
    await ask(before, 'a');
    upstreams.open(after, [{ name: 'a', url: one.url }]);
    upstreams.retire(before);
    await ask(after, 'a');
    expect(one.connectionsMade()).toBe(1);
  });

  it('stay open for a request that holds them, and close when the last one lets go', async () => {
    upstreams.open(before, [{ name: 'a', url: one.url }]);
    const [first, last] = [upstreams.hold(before), upstreams.hold(before)];
    upstreams.open(after, [{ name: 'a', url: other.url }]);
    upstreams.retire(before);
    first.release();
    const reply = await last.send('a')({ method: 'GET', headers: {} });
    expect([reply.body.toString(), await ask(after, 'a')]).toEqual(['one', 'other']);
    expect(one.connections()).toBe(1);
    last.release();
    await until(() => one.connections() === 0);
    expect(() => upstreams.hold(before)).toThrow(TypeError);
  });
});
