import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { feed, likes } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'output rewrites: keys and required fields of one name and several types',
  subgraphs: [feed, likes],
  cases,
};
