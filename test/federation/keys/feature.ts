import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { catalogue, reviews, stock } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'keys: simple, several, composite, nested',
  subgraphs: [catalogue, stock, reviews],
  cases,
};
