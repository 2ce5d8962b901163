import { z } from 'zod';
import type { ConfigProblem } from '../service/config.ts';
import type { SupergraphConfig } from './supergraph-config.ts';

/** What the gateway tells the registry of itself and of the operations that it runs. */
export const usageConfig = z.strictObject({
  isEnabled: z
    .boolean()
    .default(false)
    .describe(
      'Report to the registry how often which operations run, by client and day, without any value, and which version of the graph this gateway runs.',
    ),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where reports go; with one they are on. By default the first of `supergraph.uplink.endpoints`, with `/usage` in place of `/uplink`.',
    ),
  intervalMs: z.int().positive().default(10_000).describe('How often a report is sent, in milliseconds.'),
  liveIntervalMs: z
    .int()
    .min(0)
    .max(5_000)
    .default(5_000)
    .describe(
      'How often the registry is told how many requests were answered, how fast and how well, for the live page of its console, in milliseconds; 0 for never.',
    ),
  maxOperations: z
    .int()
    .positive()
    .default(1_000)
    .describe(
      'Most distinct operations that wait to be reported. Runs of others are not counted; the log says how many.',
    ),
  maxCounts: z
    .int()
    .positive()
    .default(10_000)
    .describe('Most counts that wait to be reported: one for each operation, client with its version, and day.'),
});

export type UsageConfig = z.infer<typeof usageConfig>;

export interface UsageTarget {
  readonly url: string;
  readonly key: string;
  /** `GRAPH@VARIANT` */
  readonly graphRef: string;
}

interface Configured {
  readonly usage: UsageConfig;
  readonly supergraph: SupergraphConfig;
}

/** Where to report, or what is missing for it; `undefined` when nothing is to be reported. */
export function findUsageTarget({
  usage,
  supergraph: { source, uplink },
}: Configured): UsageTarget | { readonly problems: readonly ConfigProblem[] } | undefined {
  if (!usage.isEnabled && usage.url === undefined) return undefined;
  const { endpoints, key, graphRef } = uplink;
  const beside = source === 'uplink' ? endpoints[0] : undefined;
  const url = usage.url ?? (beside?.endsWith('/uplink') ? `${beside.slice(0, -'uplink'.length)}usage` : undefined);
  const needed = 'is needed to report usage';
  const problems = [
    ...(url === undefined ? [{ path: 'usage.url', message: needed }] : []),
    ...(key === undefined
      ? [{ path: 'supergraph.uplink.key', message: `${needed}; it can be set by APOLLO_KEY in the environment` }]
      : []),
    ...(graphRef === undefined
      ? [
          {
            path: 'supergraph.uplink.graphRef',
            message: `${needed}; it can be set by APOLLO_GRAPH_REF in the environment`,
          },
        ]
      : []),
  ];
  if (url === undefined || key === undefined || graphRef === undefined) return { problems };
  return { url, key, graphRef };
}

/** What keeps reports from being sent that are to be sent. */
export function findUsageProblems(config: Configured): readonly ConfigProblem[] {
  const target = findUsageTarget(config);
  return target !== undefined && 'problems' in target ? target.problems : [];
}
