import { RegistryError } from '../errors.ts';
import { rollBack } from '../publication/roll-back.ts';
import { readDocuments } from '../storage/documents.ts';
import { listGateways } from '../storage/gateways.ts';
import { readVariant } from '../storage/variants.ts';
import { listVersions, readVersion } from '../storage/versions.ts';
import type { Resolvers } from './generated.ts';
import { permit } from './permit.ts';

const MOST_AT_ONCE = 200;
/** A gateway that was not heard of for so long has stopped. In milliseconds. */
const HEARD_OF_WITHIN_MS = 5 * 60_000;

/** The history of a variant, rolling it back, and which gateways follow. */
export const operatorVersions = {
  GraphVariant: {
    current: async ({ graphId, name, current }, _arguments, { database }) => {
      const version = current === null ? undefined : await readVersion(database.query, graphId, name, current);
      return version === undefined ? null : { version, current };
    },
    version: async ({ graphId, name, current }, { number }, { database }) => {
      const version = await readVersion(database.query, graphId, name, number);
      return version === undefined ? null : { version, current };
    },
    versions: async ({ graphId, name, current }, { first, before }, { database }) => {
      const limit = Math.min(Math.max(first, 0), MOST_AT_ONCE);
      const versions = await listVersions(database.query, graphId, name, { limit, before: before ?? undefined });
      return versions.map((version) => ({ version, current }));
    },
    gateways: async ({ graphId, name: variant, current }, _arguments, { database, now }) => {
      const since = new Date(now().getTime() - HEARD_OF_WITHIN_MS);
      const gateways = await listGateways(database.query, { graphId, variant, since });
      return gateways.map(({ instance, supergraphId, seenAt }) => {
        const version = versionOf(supergraphId);
        return { instance, version, isCurrent: version !== null && version === current, seenAt };
      });
    },
  },
  GraphVariantMutation: {
    rollBack: async ({ graphId, name: variant }, { to }, context) => {
      const actor = await permit(context, 'admin', { graphId, variant }, 'variant.rollBack');
      const { version: number } = await rollBack(context.publishing, { graphId, variant, to, actor });
      const { query } = context.database;
      const version = await readVersion(query, graphId, variant, number);
      if (version === undefined) throw new RegistryError('VERSION_UNKNOWN');
      return { version, current: (await readVariant(query, graphId, variant))?.current ?? null };
    },
  },
  Version: {
    number: ({ version }) => version.number,
    kind: ({ version }) => version.kind,
    subgraph: ({ version }) => version.subgraph,
    origin: ({ version }) => version.origin,
    isCurrent: ({ version, current }) => version.number === current,
    subgraphs: ({ version }) =>
      version.subgraphs.map(({ url, updatedAt, ...subgraph }) => ({
        ...subgraph,
        url: url === '' ? null : url,
        updatedAt: new Date(updatedAt),
      })),
    supergraphSdl: async ({ version: { supergraph } }, _arguments, { database }) =>
      supergraph === null ? null : ((await readDocuments(database.query, [supergraph])).get(supergraph) ?? null),
    errors: ({ version }) => version.errors,
    hints: ({ version }) => version.hints,
    changes: ({ version }) => version.changes,
    git: ({ version }) => version.git,
    actor: ({ version }) => version.actor,
    createdAt: ({ version }) => version.createdAt,
  },
} satisfies Resolvers;

/** A gateway tells the id that Uplink gave it: `VERSION:HASH`. */
function versionOf(supergraphId: string | null): number | null {
  const digits = /^(\d{1,9}):/.exec(supergraphId ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
