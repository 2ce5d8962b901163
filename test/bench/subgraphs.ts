import { createServer, type IncomingMessage } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { WORKLOADS } from './workloads/all.ts';

/**
 * The subgraphs of a workload in one process: `/NAME` answers each. An answer is computed once by the real schema, then
 * remembered by path and exact body, so that it is not the subgraphs that are measured.
 *
 * `--vary` puts a counter into every answer, so that nothing gains by seeing the same bytes twice; `--delay MS` waits.
 * `GET /count` tells how many requests came since it was asked last: who shares, and how much.
 */

const [, , workloadName = '', ...flags] = process.argv;
const workload = WORKLOADS.get(workloadName);
if (workload === undefined) throw new TypeError(`there is no workload "${workloadName}"`);
const isVarying = flags.includes('--vary');
const delayMs = flags.includes('--delay') ? Number(flags[flags.indexOf('--delay') + 1]) : 0;

const schemas = new Map(
  Object.entries(workload.subgraphs).map(([name, { sdl, resolvers }]) => [
    `/${name}`,
    buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]),
  ]),
);
const remembered = new Map<string, string>();
let count = 0;
let number = 0;

async function answer(path: string, body: string): Promise<string> {
  const key = `${path} ${body}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const schema = schemas.get(path);
  if (schema === undefined) throw new TypeError(`there is no subgraph ${path}`);
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
  const text = JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} }));
  remembered.set(key, text);
  return text;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const server = createServer(async (request, response) => {
  if (request.url === '/count') {
    response.end(String(count));
    count = 0;
    return;
  }
  const text = await answer(request.url ?? '', await readBody(request));
  count++;
  const sent = isVarying ? `${text.slice(0, -1)},"extensions":{"n":${number++}}}` : text;
  const send = () =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) })
      .end(sent);
  if (delayMs > 0) setTimeout(send, delayMs);
  else send();
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening ${typeof address === 'object' ? address?.port : address}`);
});
