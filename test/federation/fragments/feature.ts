import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { names, tree } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'fragments: named, nested, on abstract types, with conditions; recursion',
  subgraphs: [tree, names],
  cases,
};
