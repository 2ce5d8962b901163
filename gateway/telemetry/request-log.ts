import type { FetchNode } from '../../planning/plan.ts';
import { createLineWriter, type Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { toMs } from '../../service/to-ms.ts';
import { onRequestEnd } from '../ended-requests.ts';
import { toCall, toPlanTree } from '../plan-tree.ts';
import type { FetchRecord, OperationRecord, RequestRecord } from '../request-record.ts';
import type { TelemetryConfig } from '../telemetry-config.ts';
import { hasFailed } from './has-failed.ts';

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
  const writeLine = createLineWriter(log);

  const write = (record: RequestRecord) => {
    const isSlow = record.ended - record.begun >= slowMs;
    if (!hasFailed(record) && !isSlow && sample < 1 && random() >= sample) return;
    writeLine(
      isSlow
        ? `${toFields(record)}${field('plan', planOf(record))},"msg":"slow request"`
        : `${toFields(record)},"msg":"request"`,
    );
  };
  const end = onRequestEnd(write);
  return { close: async () => end() };
}

/** A hot path (test/bench, telemetry). What is written stands here: nothing of it can be a secret. */
function toFields(record: RequestRecord): string {
  const { head, operation, route, status, codes, begun, ended, fetches, cache, cost, bytes } = record;
  const { id, protocol, clientName, clientVersion, trace } = head;
  let fields = `,"requestId":"${id}","protocol":"${protocol}"`;
  if (route !== undefined) fields += field('route', route);
  if (operation !== undefined) fields += operationFields(operation);
  if (clientName !== undefined) fields += field('client', cut(clientName));
  if (clientVersion !== undefined) fields += field('clientVersion', cut(clientVersion));
  fields += `,"status":${status}`;
  if (codes.length > 0) fields += field('codes', codes);
  fields += `,"durationMs":${toMs(ended - begun)},"bytes":${bytes},"fetches":${fetches.length}`;
  if (fetches.length > 0) fields += `,"subgraphs":${subgraphsOf(fetches)}`;
  if (cache !== undefined) fields += `,"cache":"${cache}"`;
  if (cost !== undefined) fields += `,"cost":${cost.estimated}`;
  if (trace?.isSampled === true) fields += `,"traceId":"${trace.traceId}"`;
  return fields;
}

const PLAIN = /^[\w .:/@-]*$/;

function field(name: string, value: unknown): string {
  if (value === undefined) return '';
  return `,"${name}":${typeof value === 'string' ? toText(value) : JSON.stringify(value)}`;
}

/** As JSON. What most clients call themselves is written as it stands. */
function toText(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

const ofOperations = new WeakMap<OperationRecord, string>();

/** Once for all requests of an operation. */
function operationFields(operation: OperationRecord): string {
  let fields = ofOperations.get(operation);
  if (fields === undefined) {
    const { name, type, hash } = operation;
    fields = `${field('operation', name && cut(name))},"type":"${type}","hash":"${hash}"`;
    ofOperations.set(operation, fields);
  }
  return fields;
}

/** How often each was asked. */
function subgraphsOf(fetches: readonly FetchRecord[]): string {
  const counts = new Map<string, number>();
  for (const { subgraph } of fetches) counts.set(subgraph, (counts.get(subgraph) ?? 0) + 1);
  let fields = '';
  for (const [subgraph, count] of counts) fields += `,${toText(subgraph)}:${count}`;
  return `{${fields.slice(1)}}`;
}

function planOf({ plan, fetches, begun }: RequestRecord): object | undefined {
  const tell = (node: FetchNode) => {
    const made = fetches.filter((fetch) => fetch.node === node);
    // Without its text, which has clients' values in it.
    return { operationName: node.operationName, calls: made.map((fetch) => toCall(fetch, begun)) };
  };
  return plan && toPlanTree(plan, tell);
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
}
