import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { offers, products, reviews } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@interfaceObject: fields added to an entity interface',
  subgraphs: [products, reviews, offers],
  cases,
  random: {
    against: 'ours alone',
    reason: 'the stock gateway forgets kinds that a subgraph knows by their interface only',
  },
};
