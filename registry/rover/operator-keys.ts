import { allows } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { listAuditEntries } from '../storage/audit-entries.ts';
import { listGraphs } from '../storage/graphs.ts';
import { createGraph } from './create-graph.ts';
import type { Resolvers } from './generated.ts';
import { permit, permitEverywhere } from './permit.ts';

const MOST_AT_ONCE = 500;

/** Graphs, keys and the audit log. */
export const operatorKeys = {
  Query: {
    graphs: async (_, _arguments, { principal, database }) => {
      if (principal === undefined) throw new RegistryError('KEY_INVALID');
      return (await listGraphs(database.query)).filter(({ id }) => allows(principal, 'read', { graphId: id }));
    },
    keys: async (_, { graphId }, context) => {
      await permitFor(graphId ?? null, 'key.list', context);
      return context.keys.list(graphId ?? undefined);
    },
    audit: async (_, { graphId, first, before }, context) => {
      await permitFor(graphId ?? null, 'audit.read', context);
      const limit = Math.min(Math.max(first, 0), MOST_AT_ONCE);
      const entries = await listAuditEntries(context.database.query, {
        ...(graphId == null ? {} : { graphId }),
        ...(before == null ? {} : { before: readEntryId(before) }),
        limit,
      });
      return entries.map(({ id, details, ...entry }) => ({
        ...entry,
        id: String(id),
        details: JSON.stringify(details),
      }));
    },
  },
  Mutation: {
    createGraph: (_, { id, title }, context) => createGraph({ id, title: title ?? id }, context),
    createKey: async (_, { input }, context) => {
      const { name, graphId = null, variant = null, subgraph = null, verbs, expiresAt = null } = input;
      const actor = await permitFor(graphId, 'key.create', context);
      return context.keys.create({ name, graphId, variant, subgraph, verbs, expiresAt }, actor);
    },
    revokeKey: async (_, { id }, context) => {
      const { principal, keys } = context;
      if (principal === undefined) throw new RegistryError('KEY_INVALID');
      await keys.revoke(id, principal);
      return (await keys.list()).find((key) => key.id === id) ?? null;
    },
  },
} satisfies Resolvers;

/** What concerns one graph needs its administrator, what concerns all of them the administrator of all. */
function permitFor(graphId: string | null, action: string, context: Parameters<typeof permitEverywhere>[0]) {
  return graphId === null ? permitEverywhere(context, action) : permit(context, 'admin', { graphId }, action);
}

/** @throws {RegistryError} BAD_REQUEST */
function readEntryId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RegistryError('BAD_REQUEST', `"${text}" is not the id of an entry of the audit log.`);
}
