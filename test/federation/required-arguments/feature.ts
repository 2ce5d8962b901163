import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { catalogue, invoices, shipping } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@requires of one field with different arguments',
  subgraphs: [catalogue, shipping, invoices],
  cases,
  random: { against: 'ours alone', reason: 'stock takes one value for all' },
};
