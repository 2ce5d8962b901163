import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { accounts, badges } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@inaccessible and @tag: what clients must not see',
  subgraphs: [accounts, badges],
  cases,
};
