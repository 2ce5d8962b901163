import type { FastifyInstance } from 'fastify';
import { readTraceparent, type TraceContext } from './trace-context.ts';

/** What others are told of a request that a server of ours has answered: nothing that a client chose, so nothing that is a secret. */
export interface Answer {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of its route, such as `/orders/:id`; `undefined` where there is nothing. */
  readonly route: string | undefined;
  readonly status: number;
  /** By `performance.now()`. */
  readonly begun: number;
  readonly ended: number;
  /** Of whoever asked, as `traceparent` says. */
  readonly trace: TraceContext | undefined;
}

/** Is told of each request, once its answer is sent. */
export type HearAnswer = (answer: Answer) => void;

/** Tells those who listen of each request. */
export function tellAnswers(app: FastifyInstance, listeners: readonly HearAnswer[]): void {
  if (listeners.length === 0) return;
  app.addHook('onResponse', async (request, reply) => {
    const { traceparent } = request.headers;
    const ended = performance.now();
    const answer = {
      ...{ requestId: request.id, method: request.method, route: request.routeOptions.url, status: reply.statusCode },
      ...{ begun: ended - reply.elapsedTime, ended },
      trace: readTraceparent(Array.isArray(traceparent) ? traceparent[0] : traceparent),
    };
    for (const hear of listeners) hear(answer);
  });
}
