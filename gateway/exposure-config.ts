import { z } from 'zod';

/** How much of what is inside clients are told; what is not said goes by the mode. */

export const modeConfig = z
  .enum(['production', 'development'])
  .default('production')
  .describe(
    '`development`: the explorer, introspection, suggestions and explanations for anybody are on, and errors of subgraphs are shown as they are. `production`: off, and unexpected errors are masked. Each has an option of its own as well; `npm start` sets `development`.',
  );

export const schemaConfig = z.strictObject({
  introspection: z.boolean().optional().describe('Answer `__schema` and `__type`. By default in `mode: development`.'),
  suggestions: z
    .boolean()
    .optional()
    .describe('Say "Did you mean …?" in errors of validation. By default in `mode: development`.'),
});

const shown = z.enum(['pass', 'mask', 'code-only']).optional();

export const errorsConfig = z.strictObject({
  show: shown.describe(
    'What clients see of the errors of subgraphs. `pass`: all but stack traces. `mask`: those with a code of their own as they are; of the unexpected ones (no code, or INTERNAL_SERVER_ERROR) only where. `code-only`: code and path. By default `pass` in `mode: development`, else `mask`.',
  ),
  subgraph: z
    .record(z.string(), z.strictObject({ show: shown.describe('Instead of `errors.show`.') }))
    .default({})
    .describe('Per subgraph, by its name.'),
});

export type ErrorsShown = NonNullable<z.infer<typeof shown>>;

/** What clients are told, with nothing left open. */
export interface Exposure {
  readonly explorer: boolean;
  readonly introspection: boolean;
  readonly suggestions: boolean;
  /** Whether anybody may have a request explained. */
  readonly explain: boolean;
  readonly errors: {
    readonly show: ErrorsShown;
    /** By the names of subgraphs that have a word of their own. */
    readonly subgraphs: ReadonlyMap<string, ErrorsShown>;
  };
}

export interface ExposureOptions {
  readonly mode: z.infer<typeof modeConfig>;
  readonly http: { readonly explorer?: boolean | undefined };
  readonly schema: z.infer<typeof schemaConfig>;
  readonly errors: z.infer<typeof errorsConfig>;
  readonly explain: { readonly anyone?: boolean | undefined };
}

/** Decides by the mode what the options leave open. */
export function toExposure({ mode, http, schema, errors, explain }: ExposureOptions): Exposure {
  const isDevelopment = mode === 'development';
  return {
    explorer: http.explorer ?? isDevelopment,
    introspection: schema.introspection ?? isDevelopment,
    suggestions: schema.suggestions ?? isDevelopment,
    explain: explain.anyone ?? isDevelopment,
    errors: {
      show: errors.show ?? (isDevelopment ? 'pass' : 'mask'),
      subgraphs: new Map(
        Object.entries(errors.subgraph).flatMap(([name, { show }]) => (show === undefined ? [] : [[name, show]])),
      ),
    },
  };
}
