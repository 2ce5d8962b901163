import { expect, it } from '@jest/globals';
import type { FederationFeature } from '../support/describe-feature.ts';
import { cases } from './cases.ts';
import { library, reviews } from './subgraphs.ts';

export const feature: FederationFeature = {
  title: 'errors: at every depth, in lists and entities, at the paths of the client',
  subgraphs: [library, reviews],
  cases,
  more: (running) => {
    it('keeps the extensions of a subgraph’s error and adds its name', async () => {
      const { errors } = await running().ours.execute({ query: '{ bad }' });
      expect(errors?.map(({ extensions }) => extensions)).toEqual([
        { code: 'TEAPOT', status: 418, nested: { reason: ['short', 'stout'] }, subgraph: 'library' },
      ]);
    });
  },
};
