import { GatewayError } from '../errors.ts';
import type { HttpAnswer } from './respond.ts';

/**
 * Answers the requests of an array, all at the same time, in an array of the same order: each as if it had come alone, in the limits
 * of its client and in what is wrong with it. The status of one that is refused is that of the whole, as clients of Apollo Server
 * know it: the highest of them.
 *
 * @param most how many one array may have; 0 for none
 * @param answerOne never rejects
 * @throws {GatewayError} `BAD_REQUEST`, before any of them is looked at
 */
export async function answerBatch(
  requests: readonly unknown[],
  most: number,
  answerOne: (request: unknown) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const limit = 'http.maxBatchLength';
  if (most === 0)
    throw new GatewayError(
      'BAD_REQUEST',
      `Batches are not accepted; send one request at a time. (${limit} allows them.)`,
    );
  if (requests.length === 0) throw new GatewayError('BAD_REQUEST', 'The batch is empty; send [{"query": "…"}].');
  if (requests.length > most)
    throw new GatewayError(
      'BAD_REQUEST',
      `The batch exceeds the limit ${limit}: ${requests.length}, allowed are ${most}. Send several.`,
      { extensions: { limit, value: requests.length, bound: most } },
    );
  return join(await Promise.all(requests.map(answerOne)));
}

/** With the headers of the last one that has the highest status: what it says is left of a limit is what is left. */
function join(answers: readonly HttpAnswer[]): HttpAnswer {
  const { status, headers } = answers.reduce((worst, answer) => (answer.status < worst.status ? worst : answer));
  const { age: _, etag: __, 'cache-status': ___, ...shared } = headers;
  const bodies = answers.flatMap(({ body }, index) => [index === 0 ? '[' : ',', body]);
  const body = Buffer.concat([...bodies, ']'].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return { status, headers: { ...shared, 'cache-control': 'no-store' }, body };
}
