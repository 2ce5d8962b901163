import { RegistryError } from '../errors.ts';
import type { Resolvers } from './generated.ts';

const refuse = (what: string) => (): never => {
  throw new RegistryError('BAD_REQUEST', `This registry does not offer ${what}.`);
};

const artifacts = refuse('graph artifacts: gateways and routers follow it by Uplink');
const cloud = refuse('configuration of routers: it is set where they run');
const init = refuse('"rover init": create a graph, then publish its subgraphs');

/** What rover can ask for and this registry does not do, in words instead of a validation error. */
export const notOffered = {
  Query: {
    graphArtifactById: artifacts,
    graphArtifactByDigest: artifacts,
    graphArtifactTag: artifacts,
    graphArtifactTags: artifacts,
  },
  Mutation: {
    assignGraphArtifactTag: artifacts,
    deleteGraphArtifactTag: artifacts,
  },
  GraphVariant: { validateRouter: cloud },
  GraphVariantMutation: {
    upsertRouterConfig: cloud,
    updateVariantFederationVersion: init,
  },
  GraphMutation: { newKey: init },
  RouterUpsertResult: { __resolveType: () => 'RouterUpsertFailure' },
  RouterConfigValidation: { __resolveType: () => 'InternalServerError' },
  AssignGraphArtifactTagResult: { __resolveType: () => 'BadInputError' },
  DeleteGraphArtifactTagResult: { __resolveType: () => 'BadInputError' },
} satisfies Resolvers;
