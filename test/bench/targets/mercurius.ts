import { readFileSync } from 'node:fs';

/** Mercurius in gateway mode with JIT, as its documentation starts it: `node mercurius.ts SUBGRAPHS` (a JSON file); with `cached`, and with its cache. */

interface App {
  register(plugin: unknown, options: object): Promise<void>;
  listen(options: object): Promise<string>;
}

// By variable: the packages are there only where the benchmark is installed, and the type checker must not ask for them.
const load = async (name: string) => ((await import(name)) as { default: unknown }).default;
const fastify = (await load('fastify')) as () => App;

const services = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as object[];
const app = fastify();
await app.register(await load('@mercuriusjs/gateway'), {
  // Its ten connections to a subgraph would be the limit at fifty clients.
  gateway: { services: services.map((service) => ({ ...service, connections: 256 })) },
  jit: 1,
});
// Of resolvers, not of responses: the nearest that it has. Their key is made of the parent, the arguments and the fields.
if (process.argv[3] === 'cached') await app.register(await load('mercurius-cache'), { all: true, ttl: 60 });
console.log(`listening ${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`);
