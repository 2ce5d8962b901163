import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { library, shop } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'interfaces: their fields, and fragments on them and on their implementations',
  subgraphs: [library, shop],
  cases,
};
