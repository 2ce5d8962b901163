import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { fittings, prices } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'custom scalars and enums',
  subgraphs: [prices, fittings],
  cases,
};
