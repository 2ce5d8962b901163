import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { billing, monolith } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@override: fields that move from one subgraph to another',
  subgraphs: [monolith, billing],
  cases,
};
