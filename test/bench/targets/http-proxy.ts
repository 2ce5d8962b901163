/** `@fastify/http-proxy` as its documentation starts it: `node http-proxy.ts QUICK LARGE`, the addresses of two services as `HOST:PORT`. */

interface App {
  register(plugin: unknown, options: object): Promise<void>;
  listen(options: object): Promise<string>;
}

// By variable: the packages are there only where the benchmark is installed, and the type checker must not ask for them.
const load = async (name: string) => ((await import(name)) as { default: unknown }).default;
const fastify = (await load('fastify')) as (options: object) => App;
const httpProxy = await load('@fastify/http-proxy');

const [, , quick, large] = process.argv;
const app = fastify({ bodyLimit: Number.MAX_SAFE_INTEGER });
for (const [path, address] of [
  ['/bytes', quick],
  ['/taken', quick],
  ['/files', large],
])
  await app.register(httpProxy, {
    upstream: `http://${address}`,
    prefix: path,
    rewritePrefix: path,
    // Its 128 connections are more than the load has. Of its patience it has enough for a gigabyte.
    undici: { connections: 128, pipelining: 1, bodyTimeout: 120_000, headersTimeout: 120_000 },
  });
console.log(`listening ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
