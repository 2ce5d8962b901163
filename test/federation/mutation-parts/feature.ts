import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { factory, lab, shop } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'a mutation whose fields have no plan together',
  subgraphs: [factory, lab, shop],
  cases,
  random: { against: 'nothing', reason: 'all that is of interest is below a mutation' },
};
