import { z } from 'zod';

/** The options of authorisation by `@authenticated`, `@requiresScopes` and `@policy`. */
export const authorizationConfig = z.strictObject({
  unauthorized: z
    .enum(['null', 'refuse'])
    .default('null')
    .describe(
      'What becomes of an operation with a field that its caller may not have: `null`: that field is null, with an error; `refuse`: all of it is refused with 403.',
    ),
  policyModule: z
    .string()
    .optional()
    .describe(
      'Path of a JavaScript or TypeScript module, from the working directory, whose default export evaluates `@policy`. Without it no policy holds.',
    ),
  policyTimeoutMs: z
    .int()
    .positive()
    .default(1_000)
    .describe('How long the policies of one request may take, in milliseconds; then it is answered with 503.'),
  introspection: z
    .enum(['all', 'permitted'])
    .default('all')
    .describe('What introspection shows: `all` of the graph, or only what is `permitted` to the caller.'),
});

export type AuthorizationConfig = z.infer<typeof authorizationConfig>;
