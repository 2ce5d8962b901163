import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { counter, depot, desk, sorter } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'plans that the planner does not come to an end with',
  subgraphs: [depot, desk, counter, sorter],
  cases,
  random: { against: 'ours alone', reason: 'stock takes values before they are there' },
};
