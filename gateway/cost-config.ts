import { z } from 'zod';

const points = () => z.int().positive();

/** The options of cost limits: `docs/guard.md` says how costs are counted. */
export const costConfig = z.strictObject({
  mode: z
    .enum(['enforce', 'report', 'off'])
    .default('report')
    .describe(
      '`enforce`: operations that cost too much are refused. `report`: they are told in the log and in the metrics, and answered. `off`: nothing is weighed.',
    ),
  maxCost: points()
    .default(100_000)
    .describe('Most that an operation may cost, in points, as estimated before it is planned.'),
  listSize: z
    .int()
    .positive()
    .default(10)
    .describe('How many items a list is taken to have when no `@listSize` says it.'),
  subgraph: z
    .record(
      z.string(),
      z.strictObject({
        maxCost: points().describe(
          'Most that an operation may cost this subgraph, in points, as estimated when it is planned.',
        ),
      }),
    )
    .default({})
    .describe('Per subgraph, by its name.'),
  explainKey: z
    .string()
    .min(8, 'must have at least 8 characters')
    .optional()
    .describe('Who sends it in the header `cost-explain` gets `extensions.cost`: what an operation costs.'),
});

export type CostConfig = z.infer<typeof costConfig>;
