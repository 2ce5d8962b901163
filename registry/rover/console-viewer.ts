import { allows } from '../access/principal.ts';
import type { Figures } from '../live/live-numbers.ts';
import { LONGEST_MINUTES } from '../live/live-numbers.ts';
import { VERBS } from '../storage/tables.ts';
import type { LiveFigures, Resolvers } from './generated.ts';

/** Who looks, what he may do, who owns a subgraph, and what its gateways do now. */
export const consoleViewer = {
  Query: {
    viewer: (_, _arguments, { principal }) =>
      principal === undefined ? null : { ...principal, verbs: [...principal.verbs] },
    explorerUrl: (_, _arguments, { explorerUrl }) => explorerUrl,
  },
  GraphVariant: {
    graphId: ({ graphId }) => graphId,
    allowed: ({ graphId, name: variant }, _arguments, { principal }) =>
      VERBS.filter((verb) => principal !== undefined && allows(principal, verb, { graphId, variant })),
    live: ({ graphId, name }, { minutes }, { live }) => {
      const { gateways, total, series, operations } = live.read(
        graphId,
        name,
        Math.min(Math.max(minutes, 1), LONGEST_MINUTES),
      );
      return {
        gateways,
        total: toFigures(total, null),
        series: series.map(({ at, ...figures }) => toFigures(figures, at)),
        operations: operations.map(({ name: operation, hash, requests, ...figures }) => ({
          ...{ name: operation, hash, requests },
          figures: toFigures(figures, null),
        })),
      };
    },
  },
  GraphVariantSubgraph: {
    owners: async ({ variant, name, keys }, _arguments, { now }) => {
      const live = (await keys()).filter(
        ({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now()),
      );
      const own = live.filter(
        (key) =>
          key.subgraph === name && key.verbs.includes('publish') && (key.variant === null || key.variant === variant),
      );
      return [...new Set(own.map((key) => key.name))];
    },
  },
} satisfies Resolvers;

const toFigures = (figures: Figures, at: Date | null): LiveFigures => ({ ...figures, at });
