import type { Composition } from '../../composition/compose.ts';
import { hashOf, readDocuments } from '../storage/documents.ts';
import type { VersionRow } from '../storage/versions.ts';
import { type Head, readHead } from './head.ts';
import type { Publishing } from './publishing.ts';

/** A version that is ready to be written, if nobody else writes one first. */
export interface Draft {
  readonly head: Head;
  readonly version: VersionRow;
  /** Texts that it refers to and that may not be kept yet. */
  readonly documents: readonly string[];
}

/** What is known of a version before it is composed. */
export type Change = Pick<VersionRow, 'kind' | 'subgraph' | 'origin' | 'subgraphs' | 'git' | 'actor'>;

/** Nothing to compose: the last subgraph was taken out. */
export const NO_SUBGRAPHS: Composition = { errors: [] };

/** Numbers it, and tells what changes for clients. */
export async function draftVersion(
  { database, diff, now }: Publishing,
  head: Head,
  change: Change,
  composition: Composition,
): Promise<Draft> {
  const { graphId, variant, revision, served } = head;
  const sdl = 'supergraphSdl' in composition ? composition.supergraphSdl : undefined;
  const supergraph = sdl === undefined ? null : hashOf(sdl);
  const servedHash = served?.supergraph ?? undefined;
  const isNew = sdl !== undefined && supergraph !== servedHash;
  const before = isNew && servedHash !== undefined ? await readText(database.query, servedHash) : undefined;
  return {
    head,
    version: {
      ...change,
      graphId,
      variant,
      number: revision + 1,
      supergraph,
      errors: 'errors' in composition ? composition.errors : [],
      hints: 'hints' in composition ? composition.hints : [],
      changes: isNew ? await diff(before, sdl) : [],
      createdAt: now(),
    },
    documents: sdl === undefined ? [] : [sdl],
  };
}

/** The contracts of a source that is about to serve another supergraph: those that come out different. */
export async function draftContracts(p: Publishing, source: Draft, supergraphSdl: string): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  for (const { graphId, name, filter } of source.head.contracts) {
    if (filter === null) continue;
    const head = await readHead(p.database.query, graphId, name);
    const composition = await p.buildContract(supergraphSdl, filter);
    const { number: origin, subgraphs, actor } = source.version;
    const change: Change = { kind: 'contract', subgraph: null, origin, subgraphs, git: null, actor };
    const draft = await draftVersion(p, head, change, composition);
    if (isDifferent(draft)) drafts.push(draft);
  }
  return drafts;
}

/** Whether a contract has come out otherwise than last time. */
export function isDifferent({ head: { newest, served }, version }: Draft): boolean {
  if (version.supergraph !== null) return version.supergraph !== served?.supergraph || newest?.supergraph === null;
  return JSON.stringify(version.errors) !== JSON.stringify(newest?.errors);
}

/** @throws when it is not kept */
export async function readText(query: Publishing['database']['query'], hash: string): Promise<string> {
  const text = (await readDocuments(query, [hash])).get(hash);
  if (text === undefined) throw new Error(`the document ${hash} is missing`);
  return text;
}
