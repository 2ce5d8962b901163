import { readTypeUsage } from '../storage/type-usage.ts';
import type { Context } from './context.ts';
import type { Resolvers } from './generated.ts';
import type { GraphVariantSource, SupergraphTypeSource } from './sources.ts';

const DAY_MS = 24 * 3_600_000;
const LONGEST_DAYS = 3_650;

/** Which type comes from where, and who uses it. */
export const consoleTypes = {
  GraphVariant: {
    types: async (variant, _arguments, context) => {
      const types = await readTypes(variant, context);
      return types?.map((type) => ({ variant, type })) ?? null;
    },
    type: async (variant, { name }, context) => {
      const type = (await readTypes(variant, context))?.find((one) => one.name === name);
      return type === undefined ? null : { variant, type };
    },
  },
  SupergraphType: {
    name: ({ type }) => type.name,
    kind: ({ type }) => type.kind,
    description: ({ type }) => type.description,
    isHidden: ({ type }) => type.isHidden,
    isEntity: ({ type }) => type.isEntity,
    fieldCount: ({ type }) => type.fields.length,
    shares: ({ type }) => type.shares,
    fields: ({ type }) => type.fields,
    usage: readUsage,
  },
} satisfies Resolvers;

/** Of the supergraph that is served, which is in memory. */
async function readTypes({ graphId, name }: GraphVariantSource, { current, typeMaps }: Context) {
  const served = current.get(graphId, name);
  return served === undefined ? undefined : typeMaps.read(served);
}

async function readUsage(
  { variant: { graphId, name: variant }, type }: SupergraphTypeSource,
  { days }: { readonly days: number },
  { database, now }: Context,
) {
  const back = Math.min(Math.max(days, 1), LONGEST_DAYS) - 1;
  const from = new Date(now().getTime() - back * DAY_MS).toISOString().slice(0, 10);
  const prefix = `${type.name}.`;
  const coordinates = [type.name, ...type.fields.map(({ name }) => `${prefix}${name}`)];
  const usage = await readTypeUsage(database.query, { graphId, variant, from, coordinates });
  const fieldOf = (coordinate: string) => (coordinate.startsWith(prefix) ? [coordinate.slice(prefix.length)] : []);
  return {
    ...{ from, requests: usage.requests, operations: usage.operations },
    clients: usage.clients.map(({ coordinates: used, ...client }) => ({ ...client, fields: used.flatMap(fieldOf) })),
    fields: usage.fields.flatMap(({ coordinate, requests }) => fieldOf(coordinate).map((name) => ({ name, requests }))),
  };
}
