import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { catalogue, shop } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@cost, @listSize, @cacheTag and a labelled @override: loaded, and without effect on the data',
  subgraphs: [catalogue, shop],
  cases,
  stockRefuses: 'it does not know the features',
};
