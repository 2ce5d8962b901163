import type { FetchNode } from '../../planning/plan.ts';
import type { Log } from '../../service/logs.ts';
import { withoutRedaction } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { toPlanTree } from '../plan-tree.ts';
import { type FetchRecord, type RequestRecord, requestEvents } from '../request-record.ts';
import type { TelemetryConfig } from '../telemetry-config.ts';

export interface RequestLogOptions extends Pick<TelemetryConfig['requestLog'], 'sample' | 'slowMs'> {
  readonly log: Log;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** Of what a client says of itself. */
const MOST_CHARACTERS = 200;

/**
 * Writes a line for each request, without any token or value. Of those that went well a share; those that failed all; those that were slow
 * with their plan.
 */
export function startRequestLog({ log, sample, slowMs, random = Math.random }: RequestLogOptions): Running {
  // What is written here is listed here: nothing of it can be a secret.
  const lines = withoutRedaction(log);

  const write = (published: unknown) => {
    const record = published as RequestRecord;
    const isSlow = record.ended - record.begun >= slowMs;
    if (record.codes.length === 0 && !isSlow && sample < 1 && random() >= sample) return;
    lines.info(
      isSlow ? { ...toLine(record), plan: planOf(record) } : toLine(record),
      isSlow ? 'slow request' : 'request',
    );
  };
  requestEvents.subscribe(write);
  return { close: async () => void requestEvents.unsubscribe(write) };
}

function toLine({
  head,
  operation,
  route,
  status,
  codes,
  begun,
  ended,
  fetches,
  cache,
  cost,
  bytes,
}: RequestRecord): object {
  return {
    requestId: head.id,
    protocol: head.protocol,
    route,
    operation: operation?.name,
    type: operation?.type,
    hash: operation?.hash,
    client: cut(head.clientName),
    clientVersion: cut(head.clientVersion),
    status,
    codes: codes.length === 0 ? undefined : codes,
    durationMs: toMs(ended - begun),
    bytes,
    fetches: fetches.length,
    subgraphs: subgraphsOf(fetches),
    cache,
    cost: cost?.estimated,
    traceId: head.trace?.isSampled === true ? head.trace.traceId : undefined,
  };
}

/** How often each was asked. */
function subgraphsOf(fetches: readonly FetchRecord[]): Record<string, number> | undefined {
  if (fetches.length === 0) return undefined;
  const counts: Record<string, number> = {};
  for (const { subgraph } of fetches) counts[subgraph] = (counts[subgraph] ?? 0) + 1;
  return counts;
}

function planOf({ plan, fetches, begun }: RequestRecord): object | undefined {
  const tell = (node: FetchNode) => {
    const made = fetches.filter((fetch) => fetch.node === node);
    return {
      operation: node.operation,
      fetches: made.map((fetch) => ({
        ...{ afterMs: toMs(fetch.begun - begun), durationMs: toMs(fetch.ended - fetch.begun), bytes: fetch.bytes },
        ...(fetch.code !== undefined && { code: fetch.code }),
        tries: fetch.tries.map((each) => ({
          ...each,
          begun: undefined,
          ended: undefined,
          ms: toMs(each.ended - each.begun),
        })),
      })),
    };
  };
  return plan && toPlanTree(plan, tell);
}

/** With microseconds. */
function toMs(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function cut(text: string | undefined): string | undefined {
  return text !== undefined && text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
}
