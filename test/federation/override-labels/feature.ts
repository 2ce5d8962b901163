import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { billing, monolith } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@override(label:): fields that move for some requests',
  subgraphs: [monolith, billing],
  cases,
  random: { against: 'nothing', reason: 'what is decided by chance is not the same twice' },
};
