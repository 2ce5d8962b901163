import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { catalogue, checkout, shipping, tax } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@requires: nested, in lists, with arguments, in chains',
  subgraphs: [catalogue, shipping, checkout, tax],
  cases,
  random: { against: 'ours alone', reason: 'stock loses required lists of lists' },
};
