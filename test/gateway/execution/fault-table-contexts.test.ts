import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { startRawServer } from '../../support/raw-server.ts';
import { startTestGateway } from '../../support/test-gateway.ts';

/** Numbers that a double cannot hold, where what one entity brings is copied: equal entities in different contexts. */

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@context", "@fromContext"])';
const NEAR = `${LINK}
  type Query { users: [User!]! }
  type User @key(fields: "id") @context(name: "user") { id: ID! locale: String account: Account }
  type Account @key(fields: "id") { id: ID! name(of: String @fromContext(field: "$user { locale }")): String }`;
const FAR = `${LINK} scalar Any type Account @key(fields: "id") { id: ID! any: Any }`;

const user = (id: number, locale: string) =>
  `{"__typename":"User","id":"${id}","locale":"${locale}","account":{"__typename":"Account","id":"shared"}}`;

async function bringsToBoth(any: string): Promise<void> {
  const near = await startRawServer(async (request, response) => {
    const isForEntities = (await text(request)).includes('_entities');
    response.end(
      isForEntities
        ? '{"data":{"_entities":[{"name":"n"}]}}'
        : `{"data":{"users":[${user(1, 'de')},${user(2, 'fr')}]}}`,
    );
  });
  const far = await startRawServer(
    (_request, response) => void response.end(`{"data":{"_entities":[{"any":${any}}]}}`),
  );
  const gateway = await startTestGateway([
    { name: 'near', url: near.url, sdl: NEAR },
    { name: 'far', url: far.url, sdl: FAR },
  ]);
  try {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ users { account { name any } } }' }),
    });
    const expected = `{"account":{"name":"n","any":${any}}}`;
    expect(await response.text()).toBe(`{"data":{"users":[${expected},${expected}]}}`);
  } finally {
    await gateway.close();
    await Promise.all([near.close(), far.close()]);
  }
}

it.each(['7', '{"__proto__":{"a":7}}', '9007199254740993', '{"a":[9007199254740993]}'])(
  'an entity in two contexts brings %s to both',
  bringsToBoth,
);
