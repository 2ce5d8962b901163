import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import type { UsageTarget } from '../usage-config.ts';
import type { DescribedOperation } from './describe-operation.ts';
import type { UsageCount } from './usage-counter.ts';

/** A report as it is sent, and sent again until there is an answer to it: the registry counts an id once. */
export interface UsageReport {
  readonly id: string;
  readonly instance: string;
  /** The version of the graph that this gateway runs. */
  readonly supergraph: string | undefined;
  /** Those whose text the registry may not know yet. */
  readonly operations: readonly DescribedOperation[];
  readonly counts: readonly UsageCount[];
}

/** What came of sending it. */
export type ReportOutcome =
  | {
      readonly outcome: 'taken';
      /** By hash: nothing was counted of these, because their text is not known. */
      readonly unknownOperations: readonly string[];
    }
  /** It will never be taken. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It may be taken later. */
  | { readonly outcome: 'not now'; readonly reason: string };

/** Statuses that say of the report itself that it is not right. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 415, 422]);

const answerSchema = z.object({ unknownOperations: z.array(z.string()) });
const compress = promisify(gzip);

/** Sends a report. Never throws; the key stands in no reason. */
export async function sendReport(
  report: UsageReport,
  target: UsageTarget,
  signal: AbortSignal,
): Promise<ReportOutcome> {
  const [graph = '', variant = ''] = target.graphRef.split('@');
  const body = await compress(JSON.stringify({ graph, variant, ...toBody(report) }));
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-api-key': target.key },
      body: new Uint8Array(body),
      signal,
      redirect: 'manual',
    });
    const text = await response.text();
    if (response.status === 200) return { outcome: 'taken', ...answerSchema.parse(JSON.parse(text)) };
    const reason = `${response.status} ${text.slice(0, 300)}`;
    return { outcome: REFUSALS.has(response.status) ? 'refused' : 'not now', reason };
  } catch (error) {
    return { outcome: 'not now', reason: reasonOf(error) };
  }
}

function toBody({ id, instance, supergraph, operations, counts }: UsageReport) {
  return {
    id,
    gateway: { instance, supergraph: supergraph ?? null },
    operations: operations.map(({ coordinates, ...operation }) => ({ ...operation, coordinates: [...coordinates] })),
    counts: counts.map(({ operation: { hash }, ...count }) => ({ hash, ...count })),
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
