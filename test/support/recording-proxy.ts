import { text } from 'node:stream/consumers';
import { type RawServer, startRawServer } from './raw-server.ts';

/** A server before a real subgraph, which passes everything on and keeps the queries. */
export interface RecordingProxy extends RawServer {
  readonly queries: string[];
}

/** @param target where the subgraph answers GraphQL */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const queries: string[] = [];
  const server = await startRawServer(async (request, response) => {
    const body = await text(request);
    queries.push((JSON.parse(body) as { readonly query: string }).query);
    const { authorization } = request.headers;
    const passed = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body,
    });
    const control = passed.headers.get('cache-control');
    response.writeHead(passed.status, {
      'content-type': 'application/json',
      ...(control && { 'cache-control': control }),
    });
    response.end(await passed.text());
  });
  return { ...server, queries };
}
