import { expect, it } from '@jest/globals';
import { compose } from '../composition/compose.ts';
import { readSupergraphYaml } from '../composition/supergraph-yaml.ts';

it('composes the four example subgraphs without a warning or a hint', async () => {
  const { subgraphs, warnings } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
  expect(subgraphs.map(({ name }) => name)).toEqual(['users', 'orders', 'products', 'notifications']);
  expect(warnings).toEqual([]);
  const composed = compose(subgraphs);
  if (!('hints' in composed)) throw new Error(JSON.stringify(composed));
  // Told at the level of debugging: the enum of `@cacheControl` is used by directives only.
  expect(composed.hints.filter(({ level }) => level !== 'DEBUG')).toEqual([]);
});
