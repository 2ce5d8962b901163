import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';
import { type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { UNCOMPOSABLE, USERS } from '../support/shop.ts';

/** A key as it is called, with the beginning of its id: names are not unique. */
const ADMINISTRATOR = expect.stringMatching(/^administrator \([\da-f]{8}\)$/);

describe('what operators ask', () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS);
    await registry.publish('shop@current', 'users', USERS.replace('name: String', 'fullName: String'));
    await registry.publish('shop@current', 'users', UNCOMPOSABLE);
  });
  afterAll(() => registry.close());

  const onVariant = (fields: string) =>
    registry.ask(`{ graph(id: "shop") { variant(name: "current") { ${fields} } } }`);
  const change = (fields: string) =>
    registry.ask(`mutation { graph(id: "shop") { variant(name: "current") { ${fields} } } }`);

  it('are the versions of a variant, with what changed', async () => {
    expect(
      await onVariant(
        'current { number } versions { number isCurrent errors { code } changes { code coordinate isBreaking } }',
      ),
    ).toEqual({
      graph: {
        variant: {
          current: { number: 2 },
          versions: [
            { number: 3, isCurrent: false, errors: [{ code: 'KEY_INVALID_FIELDS' }], changes: [] },
            {
              number: 2,
              isCurrent: true,
              errors: [],
              changes: expect.arrayContaining([{ code: 'FIELD_REMOVED', coordinate: 'User.name', isBreaking: true }]),
            },
            expect.objectContaining({ number: 1, isCurrent: false }),
          ],
        },
      },
    });
  });

  it('is one version with its supergraph, and a page of them', async () => {
    expect(
      await onVariant(
        'version(number: 1) { supergraphSdl subgraphs { name hash } } versions(first: 1, before: 3) { number }',
      ),
    ).toMatchObject({
      graph: {
        variant: {
          version: { supergraphSdl: expect.stringContaining('name: String'), subgraphs: [{ name: 'users' }] },
          versions: [{ number: 2 }],
        },
      },
    });
  });

  it('is to roll back, which is served at once', async () => {
    expect(await change('rollBack(to: 1) { number kind origin isCurrent }')).toEqual({
      graph: { variant: { rollBack: { number: 4, kind: 'rollback', origin: 1, isCurrent: true } } },
    });
    expect((await registry.rover.run(['graph', 'fetch', 'shop@current'])).stdout).toContain('name: String');
    await expect(change('rollBack(to: 3) { number }')).rejects.toThrow('Version 3 of shop@current did not compose');
    await expect(change('rollBack(to: 99) { number }')).rejects.toThrow('has no version 99');
  });

  it('is the policy of a variant: what is given is set, null is the default again', async () => {
    await change('setPolicy(policy: { failedPublishIsError: true, usageWindowDays: 30 }) { usageWindowDays }');
    await change('setPolicy(policy: { usageWindowDays: null }) { usageWindowDays }');
    expect(await onVariant('policy { failedPublishIsError usageWindowDays lint { rule level } }')).toEqual({
      graph: { variant: { policy: { failedPublishIsError: true, usageWindowDays: null, lint: [] } } },
    });
    await expect(change('setPolicy(policy: { usageWindowDays: 0 }) { usageWindowDays }')).rejects.toThrow(
      'must be 1 to 3650',
    );
    await expect(
      change('setPolicy(policy: { lint: [{ rule: "NOPE", level: OFF }] }) { usageWindowDays }'),
    ).rejects.toThrow('There is no rule of lint "NOPE". There are FIELD_NAMES_SHOULD_BE_CAMEL_CASE, ');
  });

  it('is the policy of a variant, also where several set it at once', async () => {
    const rules = Array.from({ length: 5 }, (_, number) => number);
    for (const days of rules) {
      await change('setPolicy(policy: { failedPublishIsError: false, usageWindowDays: null }) { usageWindowDays }');
      await Promise.all([
        change('setPolicy(policy: { failedPublishIsError: true }) { usageWindowDays }'),
        change(`setPolicy(policy: { usageWindowDays: ${days + 1} }) { usageWindowDays }`),
      ]);
      expect(await onVariant('policy { failedPublishIsError usageWindowDays }')).toEqual({
        graph: { variant: { policy: { failedPublishIsError: true, usageWindowDays: days + 1 } } },
      });
    }
  });

  it('are overrides, added and removed', async () => {
    await change('addOverride(code: "FIELD_REMOVED", coordinate: "User.name", reason: "agreed") { actor }');
    expect(await onVariant('overrides { code coordinate reason actor }')).toEqual({
      graph: {
        variant: {
          overrides: [{ code: 'FIELD_REMOVED', coordinate: 'User.name', reason: 'agreed', actor: ADMINISTRATOR }],
        },
      },
    });
    expect(await change('removeOverride(code: "FIELD_REMOVED", coordinate: "User.name")')).toEqual({
      graph: { variant: { removeOverride: true } },
    });
    for (const [wrong, message] of [
      [
        'code: "NOPE", coordinate: "User.name", reason: "agreed"',
        'No check fails for "NOPE". It can for TYPE_REMOVED, ',
      ],
      ['code: "FIELD_ADDED", coordinate: "User.name", reason: "agreed"', 'No check fails for "FIELD_ADDED"'],
      ['code: "FIELD_REMOVED", coordinate: "", reason: "agreed"', 'needs the coordinate'],
      ['code: "FIELD_REMOVED", coordinate: "User.name", reason: " "', 'needs a reason'],
    ])
      await expect(change(`addOverride(${wrong}) { actor }`)).rejects.toThrow(message);
    expect(await onVariant('overrides { code }')).toEqual({ graph: { variant: { overrides: [] } } });
  });

  it('are overrides for what is there: it is served, a check told of it, or it is an operation', async () => {
    const add = (coordinate: string, code = 'FIELD_REMOVED') =>
      change(`addOverride(code: "${code}", coordinate: "${coordinate}", reason: "agreed") { coordinate }`);
    for (const wrong of ['User.nme', 'user', 'User name', 'User.secret'])
      await expect(add(wrong)).rejects.toThrow(
        'is neither in what shop@current serves nor in one of its last 100 checks',
      );
    await expect(add('Query.me(as:)', 'REQUIRED_ARG_ADDED')).rejects.toThrow('run the check first');
    const proposed = USERS.replace('me: User', 'me(as: ID!): User');
    const file = registry.rover.write('proposed.graphql', proposed);
    const check = ['subgraph', 'check', 'shop@current', '--name', 'users', '--schema', file];
    expect(await registry.rover.run(check)).toMatchObject({
      ...{ exitCode: 1, stdout: expect.stringContaining('[Query.me(as:)]') },
    });
    await add('Query.me(as:)', 'REQUIRED_ARG_ADDED');
    expect(await registry.rover.run(check)).toMatchObject({ exitCode: 0 });
    await expect(add('User.name', 'OPERATION_INVALID')).rejects.toThrow('"User.name" is no operation');
    await add('0f'.repeat(32), 'OPERATION_INVALID');
  });

  it('are overrides of a contract for what a check of its source told of', async () => {
    await registry.publish('shop@source', 'users', USERS);
    const contract = ['--source-variant', 'source', '--include-tag', 'public', '--no-exclude-tags'];
    await registry.rover.run(['contract', 'publish', 'shop@made', ...contract, '--hide-unreachable-types']);
    const add = () =>
      registry.ask(`mutation { graph(id: "shop") { variant(name: "made") {
        addOverride(code: "REQUIRED_ARG_ADDED", coordinate: "Query.me(as:)", reason: "agreed") { coordinate } } } }`);
    await expect(add()).rejects.toThrow('is neither in what shop@made serves');
    const file = registry.rover.write('proposed.graphql', USERS.replace('me: User', 'me(as: ID!): User'));
    await registry.rover.run(['subgraph', 'check', 'shop@source', '--name', 'users', '--schema', file]);
    await add();
  });

  it('are webhooks, whose secret is shown once', async () => {
    const made = await registry.ask(
      'mutation { graph(id: "shop") { createWebhook(url: "http://hooks.test/", events: [CHECK_COMPLETED]) { id secret } } }',
    );
    const { id, secret } = (made as { graph: { createWebhook: { id: string; secret: string } } }).graph.createWebhook;
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const list = () => registry.ask('{ graph(id: "shop") { webhooks { id url events variant } } }');
    expect(await list()).toEqual({
      graph: { webhooks: [{ id, url: 'http://hooks.test/', events: ['CHECK_COMPLETED'], variant: null }] },
    });
    await registry.ask('mutation ($id: ID!) { graph(id: "shop") { deleteWebhook(id: $id) } }', { id });
    expect(await list()).toEqual({ graph: { webhooks: [] } });
    await expect(
      registry.ask('mutation { graph(id: "shop") { createWebhook(url: "ftp://x", events: []) { id } } }'),
    ).rejects.toThrow('needs an address to call');
  });

  it('are what became of the messages to a webhook', async () => {
    await registry.publish('shop@hooked', 'users', USERS);
    const url = `http://127.0.0.1:${await freePort()}/`;
    await registry.ask(`mutation { graph(id: "shop") {
      createWebhook(url: "${url}", events: [VERSION_PUBLISHED], variant: "hooked") { id }
    } }`);
    await registry.publish('shop@hooked', 'users', USERS.replace('name: String', 'fullName: String'));
    const deliveries = async () => {
      const data = await registry.ask(
        '{ graph(id: "shop") { webhooks { deliveries { event state attempts lastOutcome nextAttemptAt } } } }',
      );
      return (data as { graph: { webhooks: { deliveries: { attempts: number; lastOutcome: string | null }[] }[] } })
        .graph.webhooks[0]?.deliveries;
    };
    await until(async () => (await deliveries())?.[0]?.lastOutcome != null);
    expect(await deliveries()).toEqual([
      {
        ...{ event: 'version.published', state: 'WAITING', attempts: expect.any(Number) },
        ...{ lastOutcome: expect.stringContaining('ECONNREFUSED'), nextAttemptAt: expect.any(String) },
      },
    ]);
  });

  it('are graphs and keys, each made with what it may do', async () => {
    await registry.ask('mutation { createGraph(id: "second", title: "Second") { id } }');
    await expect(registry.ask('mutation { createGraph(id: "second") { id } }')).rejects.toThrow(
      'There is a graph "second" already.',
    );
    expect(await registry.ask('{ graphs { id title } }')).toMatchObject({
      graphs: expect.arrayContaining([{ id: 'second', title: 'Second' }]),
    });
    await registry.createKey({ name: 'ci', graphId: 'second', verbs: ['publish'] });
    expect(await registry.ask('{ keys(graphId: "second") { name verbs hint createdBy revokedAt } }')).toEqual({
      keys: [
        {
          name: 'ci',
          verbs: ['publish'],
          hint: expect.stringMatching(/^tributary:second:.{6}…$/),
          createdBy: ADMINISTRATOR,
          revokedAt: null,
        },
      ],
    });
  });

  it('is the audit log, newest first', async () => {
    const { audit } = (await registry.ask('{ audit(first: 3) { action actor outcome } }')) as {
      audit: Record<string, unknown>[];
    };
    expect(audit).toHaveLength(3);
    expect(audit[0]).toEqual({ action: 'key.create', actor: ADMINISTRATOR, outcome: 'done' });
  });

  it('is for administrators alone', async () => {
    const key = await registry.createKey({ name: 'team', graphId: 'shop', verbs: ['publish'] });
    const asTeam = async (query: string) => {
      const response = await fetch(registry.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { errors?: { extensions: { code: string } }[] };
    };
    const queries = [
      'mutation { graph(id: "shop") { variant(name: "current") { rollBack(to: 1) { number } } } }',
      'mutation { graph(id: "shop") { variant(name: "current") { setPolicy(policy: {}) { usageWindowDays } } } }',
      'mutation { graph(id: "shop") { variant(name: "current") { addOverride(code: "", coordinate: "", reason: "") { code } } } }',
      'mutation { graph(id: "shop") { variant(name: "current") { delete { deleted } } } }',
      'mutation { graph(id: "shop") { createWebhook(url: "http://x.test", events: []) { id } } }',
      'mutation { createGraph(id: "third") { id } }',
      'mutation { createKey(input: { name: "more", graphId: "shop", verbs: [admin] }) { secret } }',
      '{ keys { id } }',
      '{ audit(graphId: "shop") { id } }',
      '{ graph(id: "shop") { webhooks { id } } }',
    ];
    const codes = await Promise.all(queries.map(async (query) => (await asTeam(query)).errors?.[0]?.extensions.code));
    expect(codes).toEqual(queries.map(() => 'ACCESS_DENIED'));
  });
});
