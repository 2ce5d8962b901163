import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { first, second } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'variables: in every position, absent, null and by default',
  subgraphs: [first, second],
  cases,
};
