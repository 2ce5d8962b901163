import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
// By path: for the cache's sake there is another copy beside this file, on another GraphQL than the gateway's.
import { ApolloServer } from '../../../node_modules/@apollo/server/dist/esm/index.js';
import { startStandaloneServer } from '../../../node_modules/@apollo/server/dist/esm/standalone/index.js';

/** The stock gateway as its documentation starts it: `node stock.ts SUPERGRAPH`; with `cached`, and with its cache of responses. */
const [, , file = '', cached] = process.argv;

/** By variable: it is there only where the benchmark is installed, and the type checker must not ask for it. */
async function loadCache(name = '@apollo/server-plugin-response-cache'): Promise<object> {
  const { default: create } = (await import(name)) as { default: () => object };
  return create();
}

const server = new ApolloServer({
  gateway: new ApolloGateway({ supergraphSdl: readFileSync(file, 'utf8') }),
  plugins: cached === 'cached' ? [await loadCache()] : [],
});
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
console.log(`listening ${url}`);
