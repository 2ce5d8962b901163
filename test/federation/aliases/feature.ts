import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { paint, shapes } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'aliases: colliding across subgraphs and between type conditions',
  subgraphs: [shapes, paint],
  cases,
};
