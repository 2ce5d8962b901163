import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { orders, points, users } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'schemas written for Federation 1',
  subgraphs: [users, orders, points],
  cases,
};
