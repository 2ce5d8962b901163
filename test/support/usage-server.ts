import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Running } from '../../service/run.ts';

/** What takes reports of usage as a test wants. */
export interface UsageServer extends Running {
  readonly url: string;
  /** All that came, in order; also what was not taken. */
  readonly reports: readonly ReceivedReport[];
  /** What it answers from now on. */
  answer(next: UsageAnswer): void;
}

export interface ReceivedReport {
  readonly key: string | undefined;
  readonly text: string;
  readonly id: string;
  readonly graph: string;
  readonly variant: string;
  readonly gateway: { readonly instance: string; readonly supergraph: string | null };
  readonly operations: readonly { hash: string; name: string | null; body: string; coordinates: string[] }[];
  readonly counts: readonly { hash: string; day: string; client: { name: string; version: string }; count: number }[];
}

/** `no answer`: it has it, and the gateway does not learn of it. */
export type UsageAnswer = number | 'no answer' | { readonly unknown: (report: ReceivedReport) => readonly string[] };

export async function startUsageServer(): Promise<UsageServer> {
  const reports: ReceivedReport[] = [];
  let answer: UsageAnswer = 200;
  const server = createServer(async (request, response) => {
    // Of live numbers it knows nothing.
    if (request.url?.endsWith('/live')) return void response.writeHead(404).end();
    const text = gunzipSync(await buffer(request)).toString();
    const report = { ...JSON.parse(text), text, key: request.headers['x-api-key'] } as ReceivedReport;
    reports.push(report);
    if (answer === 'no answer') return response.destroy();
    const status = typeof answer === 'number' ? answer : 200;
    const unknownOperations = typeof answer === 'number' ? [] : answer.unknown(report);
    return response.writeHead(status).end(status === 200 ? JSON.stringify({ unknownOperations }) : 'no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/usage`,
    reports,
    answer: (next) => {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
