import { z } from 'zod';

/** Bounds of one operation and its variables: an ordinary app never meets them. `docs/guard.md` says which attack each is against. */
export const limitsConfig = z.strictObject({
  maxTokens: z.int().positive().default(15_000).describe('Most lexical tokens in a query text.'),
  maxDepth: z.int().positive().default(100).describe('Deepest nesting of fields and fragments.'),
  maxFields: z
    .int()
    .positive()
    .default(5_000)
    .describe('Most fields of an operation, those of a fragment counted wherever it is spread.'),
  maxRootFields: z
    .int()
    .positive()
    .default(100)
    .describe('Most fields of an operation that are asked of the root type, counted in the same way.'),
  maxAliases: z.int().min(0).default(500).describe('Most aliases of an operation, counted in the same way.'),
  maxDirectives: z.int().min(0).default(500).describe('Most directives of an operation, counted in the same way.'),
  maxIntrospections: z.int().min(0).default(10).describe('Most `__schema` and `__type` fields of an operation.'),
  maxListSize: z
    .int()
    .min(0)
    .default(5_000)
    .describe('Most items of one list that a client gives, in the text or in a variable.'),
  maxInputDepth: z
    .int()
    .positive()
    .default(50)
    .describe('Deepest nesting of lists and objects that a client gives, in the text or in a variable.'),
  maxVariableValues: z
    .int()
    .positive()
    .default(20_000)
    .describe('Most values in the variables of a request: objects, lists and what is in them, each counted.'),
});
