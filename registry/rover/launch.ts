import { FEDERATION_VERSION } from '../../composition/federation-version.ts';
import { summarizeChanges } from '../schema/change-summary.ts';
import { hashOf, readDocuments } from '../storage/documents.ts';
import { readNewestVersion, readVersion, type VersionRow } from '../storage/versions.ts';
import type { Context } from './context.ts';
import type { Resolvers } from './generated.ts';
import type { GraphVariantSource } from './sources.ts';

/** What a variant serves: `supergraph fetch` asks for it as the last launch, `graph fetch` as a publication of the API schema. */
export const launch = {
  GraphVariant: {
    latestApprovedLaunch: async (source, _arguments, context) => (await readShown(source, context)) ?? null,
    latestLaunch: async ({ graphId, name }, _arguments, { database }) =>
      (await readNewestVersion(database.query, graphId, name)) ?? null,
    latestPublication: async (source, _arguments, context) => {
      const version = await readShown(source, context);
      const supergraphSdl = version === undefined ? undefined : await readSupergraph(version, context);
      return supergraphSdl === undefined ? null : { variant: source, supergraphSdl };
    },
  },
  Launch: {
    id: ({ graphId, variant, number }) => `${graphId}@${variant}:${number}`,
    build: (version) => ({ result: version }),
    buildInput: ({ kind }) =>
      kind === 'contract'
        ? { __typename: 'FilterBuildInput', filterConfig: null }
        : { __typename: 'CompositionBuildInput', version: FEDERATION_VERSION },
  },
  Build: {
    result: async ({ result }, _arguments, context) => {
      if (result === null) return null;
      const coreDocument = await readSupergraph(result, context);
      if (coreDocument !== undefined) return { __typename: 'BuildSuccess', coreSchema: { coreDocument } };
      return {
        __typename: 'BuildFailure',
        errorMessages: result.errors.map(({ code, message }) => ({ code, message })),
      };
    },
  },
  BuildResult: { __resolveType: (result) => ('coreSchema' in result ? 'BuildSuccess' : 'BuildFailure') },
  BuildInput: { __resolveType: (input) => ('version' in input ? 'CompositionBuildInput' : 'FilterBuildInput') },
  SchemaPublication: {
    schema: async ({ supergraphSdl }, _arguments, { reading }) => {
      const document = await reading.printApiSchema(supergraphSdl);
      return { hash: hashOf(document), document };
    },
    diffToPrevious: async ({ variant: { graphId, name, current } }, _arguments, { database }) => {
      const version = current === null ? undefined : await readVersion(database.query, graphId, name, current);
      return version === undefined ? null : { changeSummary: summarizeChanges(version.changes) };
    },
  },
} satisfies Resolvers;

/** The version that is served; of a variant that never composed, the newest, whose errors say why. */
function readShown(
  { graphId, name, current }: GraphVariantSource,
  { database }: Context,
): Promise<VersionRow | undefined> {
  return current === null
    ? readNewestVersion(database.query, graphId, name)
    : readVersion(database.query, graphId, name, current);
}

async function readSupergraph(version: VersionRow, { database, current }: Context): Promise<string | undefined> {
  const { graphId, variant, number, supergraph } = version;
  if (supergraph === null) return undefined;
  // Of two thousand types it is a megabyte, and in memory already.
  const served = current.get(graphId, variant);
  return served?.version === number ? served.sdl : (await readDocuments(database.query, [supergraph])).get(supergraph);
}
