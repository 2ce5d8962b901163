import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { PlanningRefusal } from '../../planning/planning-refusal.ts';
import type { Planner } from '../../planning/threaded-planner.ts';

/**
 * The composed graph at one instant: data only, never changed. A reload makes a new one. Its planner has threads, which are
 * ended when no request runs on the graph any more.
 */
export interface Supergraph {
  /** SHA-256 of the SDL, in hexadecimal. */
  readonly id: string;
  readonly sdl: string;
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** What the subgraphs know, inaccessible elements included. */
  readonly schema: GraphQLSchema;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  readonly planner: Planner;
}

/** Directives that promise protection: a graph that has one which nobody enforces would be open where its authors closed it. */
const SECURITY_FEATURES: readonly string[] = ['authenticated', 'requiresScopes', 'policy'];

/** A supergraph that this gateway cannot serve, and why. */
export class SupergraphError extends Error {
  override readonly name = 'SupergraphError';
  /** What to watch for a repair, as absolute paths, when its source knows. */
  readonly files: readonly string[] | undefined;

  constructor(message: string, { files, ...options }: ErrorOptions & { readonly files?: readonly string[] } = {}) {
    super(message, options);
    this.files = files;
  }
}

export interface BuildOptions {
  /** Where the SDL is from, for errors. */
  readonly origin: string;
  readonly createPlanner: (sdl: string) => Promise<Planner>;
  /** The security directives that the guard enforces, without `@`. */
  readonly enforced: ReadonlySet<string>;
}

/**
 * Builds the value from a composed SDL.
 *
 * @throws {SupergraphError} when it is not a supergraph, has a security directive that is not enforced, or would tell of guarded
 *   fields by others
 */
export async function buildSupergraph(
  sdl: string,
  { origin, createPlanner, enforced }: BuildOptions,
): Promise<Supergraph> {
  const planner = await createPlanner(sdl).catch((error: unknown) => {
    throw new SupergraphError(`The supergraph of ${origin} cannot be loaded: ${reasonOf(error)}`, { cause: error });
  });
  const refusal = findRefusal(planner, enforced);
  if (refusal !== undefined) {
    await planner.close();
    throw new SupergraphError(refusal);
  }
  const { apiSchema, schema, subgraphs } = planner;
  return { id: createHash('sha256').update(sdl).digest('hex'), sdl, apiSchema, schema, subgraphs, planner };
}

function findRefusal({ features, unguarded }: Planner, enforced: BuildOptions['enforced']): string | undefined {
  const unenforced = features.filter((name) => SECURITY_FEATURES.includes(name) && !enforced.has(name));
  if (unenforced.length > 0) {
    const names = unenforced.map((name) => `@${name}`).join(', ');
    return `The supergraph uses ${names}, which this gateway does not enforce: what it protects would be open. Remove ${names} from the subgraphs, or run a gateway that enforces it.`;
  }
  if (unguarded.length > 0)
    return `The supergraph has fields that do not demand what guards the fields they require, so that they would tell of these: ${unguarded.join(', ')}. Give them the same directives; composition asks for it since Federation 2.12.1.`;
  return undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof PlanningRefusal && error.fault === 'too large')
    return `reading it takes more memory than planning.heapMb, which is ${error.bound}.`;
  return error instanceof Error ? error.message : String(error);
}
