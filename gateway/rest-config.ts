import { z } from 'zod';

/** Routes of REST that operations answer. */
export const restConfig = z.strictObject({
  operations: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A folder of `.graphql` files, each with one operation that answers a route: `query Me @rest(method: GET, path: "/me") { … }`. See routes.md.',
    ),
  title: z.string().min(1).default('Routes').describe('What `/openapi.json` calls them.'),
});
