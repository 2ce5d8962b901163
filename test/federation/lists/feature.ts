import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { boards, colours, names } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'lists: nested, with nulls, empty, long',
  subgraphs: [boards, colours, names],
  cases,
};
