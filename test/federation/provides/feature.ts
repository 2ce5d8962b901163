import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { accounts, reviewing } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@provides: on fields, in objects, in unions',
  subgraphs: [accounts, reviewing],
  cases,
};
