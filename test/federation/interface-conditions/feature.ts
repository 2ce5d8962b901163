import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { library, ratings } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'fragments on other interfaces below an @interfaceObject',
  subgraphs: [library, ratings],
  cases,
  random: { against: 'ours alone', reason: 'the planner of stock fails' },
};
