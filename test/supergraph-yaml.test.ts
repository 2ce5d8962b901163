import { expect, it } from '@jest/globals';
import { compose } from '../composition/compose.ts';
import { readSupergraphYaml } from '../composition/supergraph-yaml.ts';

it('composes the four example subgraphs without a warning, and with one hint', async () => {
  const { subgraphs, warnings } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
  expect(subgraphs.map(({ name }) => name)).toEqual(['users', 'orders', 'products', 'notifications']);
  expect(warnings).toEqual([]);
  expect(compose(subgraphs)).toEqual({
    supergraphSdl: expect.any(String),
    // Only an argument of @cacheControl is of this type, and that directive stays in the subgraphs.
    hints: [
      {
        code: 'UNUSED_ENUM_TYPE',
        level: 'DEBUG',
        message: expect.stringContaining('"CacheControlScope" is defined but unused'),
      },
    ],
  });
});
