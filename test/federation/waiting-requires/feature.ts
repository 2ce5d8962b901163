import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { places, prices, shelves, shop } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'requirements that wait for keys',
  subgraphs: [shop, places, shelves, prices],
  cases,
  random: { against: 'ours alone', reason: 'stock does not wait' },
};
