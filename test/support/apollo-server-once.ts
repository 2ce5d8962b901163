import { ApolloServer } from '@apollo/server';
import { createApolloGateway } from '../../gateway/apollo-gateway.ts';

/** A server that starts, answers once and stops. Nothing ends the process: it does when nothing is left open. */

const { SUPERGRAPH_FILE = '' } = process.env;
const gateway = createApolloGateway({
  supergraph: { source: 'file', file: SUPERGRAPH_FILE, pollIntervalMs: 10 },
  planning: { threads: 2 },
});
const server = new ApolloServer({ gateway });
await server.start();
const { body } = await server.executeOperation({ query: '{ a }' });
console.log(JSON.stringify(body));
await server.stop();
console.log('stopped');
