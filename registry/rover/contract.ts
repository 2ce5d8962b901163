import { describeFilter, upsertContract } from '../publication/upsert-contract.ts';
import { readVariant } from '../storage/variants.ts';
import type { Resolvers } from './generated.ts';
import { permit } from './permit.ts';

/** `contract describe` and `contract publish`. */
export const contract = {
  GraphVariant: {
    contractFilterConfigDescription: ({ filter, sourceVariant }) =>
      filter === null ? null : `Source: ${sourceVariant}. ${describeFilter(filter)}`,
  },
  GraphMutation: {
    upsertContractVariant: async (
      { id: graphId },
      { contractVariantName: variant, sourceVariant, filterConfig, initiateLaunch },
      context,
    ) => {
      const actor = await permit(context, 'admin', { graphId, variant }, 'contract.publish');
      const result = await upsertContract(context.publishing, {
        graphId,
        variant,
        sourceVariant: sourceVariant ?? null,
        // graphql-js gives objects without a prototype, over which the query builder falls.
        filter: { ...filterConfig },
        launch: initiateLaunch,
        actor,
      });
      if ('errors' in result) return { __typename: 'ContractVariantUpsertErrors', errorMessages: result.errors };
      const contractVariant = await readVariant(context.database.query, graphId, variant);
      if (contractVariant === undefined)
        throw new Error(`the contract ${graphId}@${variant} went away while it was made`);
      const launchUrl = `${context.frontendUrl()}/graph/${graphId}/service-list`;
      const launchCliCopy =
        result.version === undefined
          ? `${graphId}@${variant} is as it was: ${launchUrl}`
          : `This is version ${result.version} of ${graphId}@${variant}: ${launchUrl}`;
      return { __typename: 'ContractVariantUpsertSuccess', contractVariant, launchUrl, launchCliCopy };
    },
  },
  ContractVariantUpsertResult: {
    __resolveType: (result) =>
      'errorMessages' in result ? 'ContractVariantUpsertErrors' : 'ContractVariantUpsertSuccess',
  },
} satisfies Resolvers;
