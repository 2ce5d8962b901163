import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { catalogue, shipping } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'keys that are declared and not resolvable, beside one that is',
  subgraphs: [catalogue, shipping],
  cases,
  random: { against: 'ours alone', reason: 'stock comes back by the wrong key' },
};
