import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { bank, people } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@context and @fromContext: arguments from above',
  subgraphs: [bank, people],
  cases,
  stockRefuses: 'it does not know the feature',
};
