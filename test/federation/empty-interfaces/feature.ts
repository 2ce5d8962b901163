import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { library, shop } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'interfaces that no type implements, in a subgraph or anywhere',
  subgraphs: [shop, library],
  cases,
  random: { against: 'ours alone', reason: 'stock leaves such fields out of its plans' },
};
