import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';

/** Where the graph comes from: `docs/following.md` says how gateways follow a registry. */
export const supergraphConfig = z
  .strictObject({
    source: z
      .enum(['compose', 'file', 'uplink'])
      .default('compose')
      .describe(
        '`compose`: compose the subgraphs that `file` lists; `file`: `file` is a composed supergraph; `uplink`: a registry gives it, as `uplink` says.',
      ),
    file: z
      .string()
      .default('supergraph.yaml')
      .describe('Path of the supergraph.yaml or of the SDL, from the working directory.'),
    pollIntervalMs: timerMs()
      .min(0)
      .default(1_000)
      .describe('How often the files are looked at for changes, in milliseconds; 0 for never.'),
    uplink: z
      .strictObject({
        endpoints: z
          .array(z.url({ protocol: /^https?$/ }))
          .min(1)
          .default(['http://127.0.0.1:4200/uplink'])
          .describe("Where registries answer by Apollo's Uplink protocol. They are asked in turn."),
        graphRef: z
          .string()
          .regex(/^[^@\s]+@[^@\s]+$/, { error: 'must be GRAPH@VARIANT' })
          .optional()
          .describe('Which graph to follow: `GRAPH@VARIANT`.'),
        key: z.string().min(1).optional().describe('The API key that the registry knows.'),
        minDelaySeconds: z
          .int()
          .min(1)
          .default(1)
          .describe('Least time between two questions, in seconds. The registry may ask for more.'),
        lastGoodFile: z
          .string()
          .default('.data/gateway/supergraph.graphql')
          .describe(
            'Path of the file in which the graph that is served is kept, from the working directory: what a gateway starts with when the registry is away. `none` to keep nothing.',
          ),
        startTimeoutMs: timerMs()
          .positive()
          .default(5_000)
          .describe(
            'How long a start waits for the registry before it takes that file, in milliseconds. Without one it waits for ever.',
          ),
      })
      .prefault({}),
  })
  .superRefine(({ source, uplink }, context) => {
    if (source !== 'uplink') return;
    const needed = { graphRef: 'APOLLO_GRAPH_REF', key: 'APOLLO_KEY' } as const;
    for (const [option, name] of Object.entries(needed))
      if (uplink[option as keyof typeof needed] === undefined)
        context.addIssue({
          code: 'custom',
          path: ['uplink', option],
          message: `is needed to follow a registry; it can be set by ${name} in the environment`,
        });
  });

export type SupergraphConfig = z.infer<typeof supergraphConfig>;
