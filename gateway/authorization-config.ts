import { z } from 'zod';
import { timerMs } from '../service/timer-option.ts';

/** The options of authorisation by `@authenticated`, `@requiresScopes` and `@policy`. */
export const authorizationConfig = z.strictObject({
  // YAML reads `unauthorized: null` as no value.
  unauthorized: z
    .preprocess((value) => (value === null ? 'null' : value), z.enum(['null', 'refuse']))
    .default('null')
    .describe(
      'What becomes of an operation with a field that its caller may not have: `null`: that field is null, with an error; `refuse`: all of it is refused with 403.',
    ),
  policyModule: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe(
      'Path of a JavaScript or TypeScript module, from the working directory, whose default export evaluates `@policy`. Without it no policy holds.',
    ),
  policyTimeoutMs: timerMs()
    .positive()
    .default(1_000)
    .describe('How long the policies of one request may take, in milliseconds; then it is answered with 503.'),
  introspection: z
    .enum(['all', 'permitted'])
    .default('all')
    .describe('What introspection shows: `all` of the graph, or only what is `permitted` to the caller.'),
});

export type AuthorizationConfig = z.infer<typeof authorizationConfig>;
