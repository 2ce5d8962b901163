import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { vet, zoo } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '__typename: everywhere',
  subgraphs: [zoo, vet],
  cases,
};
