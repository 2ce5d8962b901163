import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { broken, good } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'broken subgraphs: answers that no GraphQL server should give',
  subgraphs: [broken, good],
  cases,
  random: { against: 'nothing', reason: 'the broken subgraph looks at no alias' },
};
