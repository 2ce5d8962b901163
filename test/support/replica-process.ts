import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * One of several processes that answer the same: `double` of a number, as a subgraph would; `add` takes note of the number. Arguments: its port, or 0.
 * `GET /added` tells what was added, in order.
 */

const added: number[] = [];

const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end(JSON.stringify(added));
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
      query: string;
      variables?: { number: number };
    };
    response.setHeader('content-type', 'application/json');
    // A check of its health.
    if (variables === undefined) return void response.end('{"data":{"__typename":"Query"}}');
    const { number } = variables;
    if (query.includes('add')) added.push(number);
    const data = query.includes('add') ? { add: number } : { double: 2 * number };
    response.end(JSON.stringify({ data }));
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  console.log(`listening ${(server.address() as AddressInfo).port}`);
});
