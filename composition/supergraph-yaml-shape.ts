// Not Apollo's, which are the same: every process that may read such a file would load all of its modules with them.
import { didYouMean } from 'graphql/jsutils/didYouMean.js';
import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { z } from 'zod';
import type { SupergraphYamlProblem } from './supergraph-yaml-error.ts';

/** The keys of a supergraph.yaml, as rover reads them. What their values mean is for `subgraph-source.ts` to say. */

const text = z.string({ error: 'must be text' });

const source = z.strictObject(
  {
    file: text.optional(),
    subgraph_url: text.optional(),
    introspection_headers: z.record(z.string(), text, { error: 'must be `name: value` pairs' }).optional(),
    graphref: text.optional(),
    subgraph: text.optional(),
    sdl: text.optional(),
  },
  { error: 'must say where the schema is: `file: …`, `subgraph_url: …` or `sdl: …`' },
);

const entry = z.strictObject(
  { routing_url: text.optional(), schema: source },
  { error: 'must hold `routing_url: …` and `schema: …`' },
);

const shape = z.strictObject(
  {
    federation_version: z.union([text, z.number()], { error: 'must be a version, such as "=2.14.4"' }).optional(),
    subgraphs: z
      .record(z.string(), entry, { error: 'must list the subgraphs as `name: { routing_url, schema }`' })
      .refine((subgraphs) => Object.keys(subgraphs).length > 0, { error: 'lists no subgraph' }),
  },
  { error: 'must hold `subgraphs: …`' },
);

/** Where the schema of a subgraph is. One of `file`, `subgraph_url`, `graphref` and `sdl` in a file that is right. */
export type SchemaSource = z.infer<typeof source>;

/** One subgraph of the file. */
export interface SubgraphEntry {
  readonly name: string;
  readonly routingUrl: string | undefined;
  readonly schema: SchemaSource;
}

/** @returns every place where the value is not a supergraph.yaml */
export function checkShape(value: unknown): SupergraphYamlProblem[] {
  const { error } = shape.safeParse(value);
  return (error?.issues ?? []).flatMap((issue): SupergraphYamlProblem[] => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    const allowed = keysAt(path);
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: explainUnknown(key, allowed) }));
  });
}

function keysAt(path: readonly string[]): string[] {
  const object = path.length === 0 ? shape : path.length === 2 ? entry : source;
  return Object.keys(object.shape);
}

function explainUnknown(key: string, allowed: string[]): string {
  const suggestion = didYouMean(suggestionList(key, allowed).slice(0, 1));
  return `is not a key here; there are ${allowed.join(', ')}.${suggestion}`;
}

/** The subgraphs of a file, right or not: what has the wrong type is left out, so that everything else can still be checked. */
export function readEntries(value: unknown): SubgraphEntry[] {
  const subgraphs = Object.entries(recordAt(value, 'subgraphs')).filter(([, subgraph]) => isRecord(subgraph));
  return subgraphs.map(([name, subgraph]) => {
    const { routing_url } = readTexts(subgraph);
    const schema = recordAt(subgraph, 'schema');
    const headers = readTexts(schema.introspection_headers);
    return { name, routingUrl: routing_url, schema: { ...readTexts(schema), introspection_headers: headers } };
  });
}

function recordAt(value: unknown, key: string): Record<string, unknown> {
  const inner = isRecord(value) ? value[key] : undefined;
  return isRecord(inner) ? inner : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readTexts(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(isRecord(value) ? value : {}))
    if (typeof text === 'string') texts[key] = text;
  return texts;
}
