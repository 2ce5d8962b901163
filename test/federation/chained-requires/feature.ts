import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { lab, report, scale } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'chains of @requires that come back to where they began',
  subgraphs: [lab, scale, report],
  cases,
  random: { against: 'ours alone', reason: 'stock takes values before they are there' },
};
