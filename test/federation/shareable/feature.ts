import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { left, right } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: '@shareable: value types, root fields and fields of entities',
  subgraphs: [left, right],
  cases,
};
