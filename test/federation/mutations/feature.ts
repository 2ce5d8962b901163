import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { carts, payments } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'mutations: in order, across subgraphs',
  subgraphs: [carts, payments],
  cases,
};
