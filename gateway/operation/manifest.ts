import { GraphQLError, parse } from 'graphql';
import { z } from 'zod';
import { explainIssue } from '../../service/config-explanation.ts';
import { normalizeText } from './normalize-text.ts';

/** An operation that a team knows before it is asked for. */
export interface ManifestOperation {
  /** Most often the SHA-256 of the body; any text. */
  readonly id: string;
  readonly name: string;
  /** The query text, with its fragments. */
  readonly body: string;
  /** The only client that may ask for it by its id; `undefined` for any. */
  readonly clientName: string | undefined;
}

/** The known operations, as data that does not change. */
export interface Manifest {
  readonly operations: readonly ManifestOperation[];
  /** @param clientName one of its own comes first, then one for any client */
  byId(id: string, clientName: string | undefined): ManifestOperation | undefined;
  /** By the very text of the body. */
  byText(text: string): ManifestOperation | undefined;
  /** By what `normalizeText` gives. */
  byNormalized(normalized: string): ManifestOperation | undefined;
}

/** What is wrong with a manifest, for an operator. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  /** What to watch for a repair, as absolute paths, when its source knows. */
  readonly files: readonly string[] | undefined;

  constructor(message: string, { files, ...options }: ErrorOptions & { readonly files?: readonly string[] } = {}) {
    super(message, options);
    this.files = files;
  }
}

const FORMAT = 'apollo-persisted-query-manifest';

/** As `@apollo/generate-persisted-query-manifest` and the other tools of Apollo write it; what else they add is passed over. */
const manifestFormat = z.object({
  format: z.literal(FORMAT, { error: `must be "${FORMAT}"` }),
  version: z.literal(1, { error: 'must be 1' }),
  operations: z.array(
    z.object({
      id: z.string().min(1, 'must not be empty'),
      name: z.string().default(''),
      type: z.enum(['query', 'mutation', 'subscription']).optional(),
      body: z.string(),
      clientName: z.string().nullish(),
    }),
  ),
});

/**
 * Reads one manifest.
 *
 * @param from what it is called in messages: its path
 * @throws {ManifestError} with all that is wrong with it
 */
export function readManifest(text: string, from: string): readonly ManifestOperation[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ManifestError(`${from} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  const read = manifestFormat.safeParse(json, { error: explainIssue });
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `  ${path.join('.') || '(the whole)'}: ${message}`);
    throw new ManifestError(`${from} is not a persisted query manifest:\n${problems.slice(0, 20).join('\n')}`);
  }
  return read.data.operations.map(({ id, name, body, clientName }) => ({
    ...{ id, name, body },
    clientName: clientName ?? undefined,
  }));
}

/**
 * Makes operations into what they are found in.
 *
 * @throws {ManifestError} for a body that is no GraphQL, and for two bodies under one id
 */
export function createManifest(operations: readonly ManifestOperation[]): Manifest {
  const clients = new Map<string | undefined, Map<string, ManifestOperation>>();
  const texts = new Map<string, ManifestOperation>();
  const normalized = new Map<string, ManifestOperation>();
  const problems: string[] = [];
  for (const operation of operations) {
    const { id, name, body, clientName } = operation;
    const shown = `operation "${id}"${name === '' ? '' : ` (${name})`}`;
    const same = normalizeText(body);
    if (same === undefined) problems.push(`  ${shown}: its body is not GraphQL${explainSyntax(body)}`);
    else normalized.set(same, normalized.get(same) ?? operation);
    const ids = clients.get(clientName) ?? new Map<string, ManifestOperation>();
    clients.set(clientName, ids);
    if ((ids.get(id)?.body ?? body) !== body) problems.push(`  ${shown}: the same id has two bodies`);
    ids.set(id, operation);
    texts.set(body, operation);
  }
  if (problems.length > 0)
    throw new ManifestError(`Operations of the manifest are wrong:\n${problems.slice(0, 20).join('\n')}`);
  return {
    operations,
    byId: (id, clientName) => clients.get(clientName)?.get(id) ?? clients.get(undefined)?.get(id),
    byText: (text) => texts.get(text),
    byNormalized: (text) => normalized.get(text),
  };
}

function explainSyntax(body: string): string {
  try {
    parse(body, { noLocation: true });
    return '';
  } catch (error) {
    if (!(error instanceof GraphQLError)) return '';
    const { line, column } = error.locations?.[0] ?? {};
    return `: ${error.message} (line ${line}, column ${column})`;
  }
}
