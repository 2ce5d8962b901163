import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Database } from '../../../service/database.ts';
import { createTokenVerifier } from '../../../service/tokens.ts';
import { createSigningKeys, type SigningKeys } from '../../../subgraphs/users/keys.ts';
import { signingKey } from '../../../subgraphs/users/tables.ts';
import { createTokenIssuer } from '../../../subgraphs/users/tokens.ts';
import { describeOnEachPostgres, type TestDatabase } from '../../support/servers.ts';
import { openTestDatabase } from '../support/open-test-database.ts';

const DAY_MS = 86_400_000;
const TRUST = { issuer: 'https://issuer.example', audience: 'tributary' };

describeOnEachPostgres('signing keys', (kind) => {
  let server: TestDatabase;
  let database: Database;
  let now = new Date();

  beforeAll(async () => {
    server = await kind.create();
    database = await openTestDatabase('users', server.url);
  });

  beforeEach(async () => {
    now = new Date();
    await database.query.delete(signingKey);
  });

  afterAll(async () => {
    await database.close();
    await server.close();
  });

  const open = () => createSigningKeys({ database, rotateAfterDays: 30, tokenTtlS: 900, now: () => now });
  const issuerOf = (keys: SigningKeys) => createTokenIssuer({ ...TRUST, keys, ttlS: 900, now: () => now });
  const verifierOf = (keys: SigningKeys) => createTokenVerifier({ ...TRUST, keys: keys.find });
  const request = { subject: 'ada', scopes: ['user'], clientId: 'tributary' };

  async function kidsOf(keys: SigningKeys): Promise<(string | undefined)[]> {
    return (await keys.published()).keys.map(({ kid }) => kid);
  }

  it('are two from the first moment, and show nothing private', async () => {
    const { keys } = await open().published();
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(key).toEqual({
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: expect.any(String),
        alg: 'ES256',
        use: 'sig',
      });
    }
  });

  it('are the same for replicas that start at the same time', async () => {
    const replicas = [open(), open(), open()];
    const all = await Promise.all(
      replicas.map(async (keys) => [(await keys.current()).kid, ...(await kidsOf(keys)).sort()]),
    );
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
  });

  it('rotate: the next one signs, and everybody has known it', async () => {
    const keys = open();
    const before = await kidsOf(keys);
    const old = (await keys.current()).kid;
    now = new Date(now.getTime() + 30 * DAY_MS);
    const current = (await keys.current()).kid;
    expect(current).not.toBe(old);
    expect(before).toContain(current);
    const after = await kidsOf(keys);
    expect(after).toHaveLength(3);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('rotate once, however many replicas notice that it is time', async () => {
    const replicas = [open(), open(), open()];
    await Promise.all(replicas.map((keys) => keys.current()));
    now = new Date(now.getTime() + 31 * DAY_MS);
    const kids = await Promise.all(replicas.map(async (keys) => (await keys.current()).kid));
    expect(new Set(kids).size).toBe(1);
    expect(await database.query.$count(signingKey)).toBe(3);
  });

  it('stay published until the last token that they signed has expired', async () => {
    const keys = open();
    const start = now;
    // Tokens are verified by the clock of this machine, so the rotation is put in its past.
    now = new Date(start.getTime() - 30 * DAY_MS);
    const old = (await keys.current()).kid;
    now = new Date(start.getTime() - 61_000);
    const { token } = await issuerOf(keys)(request);
    now = start;
    expect((await keys.current()).kid).not.toBe(old);
    expect(await verifierOf(keys)(token)).toMatchObject({ subject: 'ada', scopes: new Set(['user']) });
    expect(await verifierOf(open())(token)).toMatchObject({ subject: 'ada' });
    now = new Date(start.getTime() + 1_000_000);
    expect(await kidsOf(keys)).toContain(old);
    now = new Date(start.getTime() + 1_200_000);
    expect(await kidsOf(keys)).not.toContain(old);
  });

  it('are looked up again for a token of a key that another replica made', async () => {
    const one = open();
    await one.current();
    // As if the database had been restored: every key is another one.
    await database.query.delete(signingKey);
    const { token } = await issuerOf(open())(request);
    await expect(verifierOf(one)(token)).rejects.toThrow('does not publish');
    now = new Date(now.getTime() + 6_000);
    expect(await verifierOf(one)(token)).toMatchObject({ subject: 'ada' });
  });
});
