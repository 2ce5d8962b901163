import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { pages, people, search } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'unions: members of several subgraphs',
  subgraphs: [search, people, pages],
  cases,
};
