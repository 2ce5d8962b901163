import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { hashApiKey } from '../../../gateway/guard/api-keys.ts';
import { ClosingStack } from '../../../service/run.ts';
import { type KeyServer, startKeyServer, type TestKey } from '../../support/key-server.ts';
import { createTestLog } from '../../support/log-lines.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const API_KEY = 'tributary_never-to-be-seen-in-a-log';
const REVOCATION_KEY = 'another that is never to be seen';

let stack: ClosingStack;
let server: KeyServer;
let key: TestKey;
beforeEach(async () => {
  stack = new ClosingStack();
  server = stack.add('issuer', await startKeyServer());
  key = await server.addKey('one');
  server.publish(key);
});
afterEach(() => stack.close());

it('no credential is ever in a log or in an answer, whatever becomes of it', async () => {
  const { log, lines } = createTestLog('trace');
  // Repeats what it is sent, in an answer that is none.
  const subgraph = await startRawServer((request, response) => {
    request.resume().on('end', () => response.writeHead(500).end(JSON.stringify(request.headers)));
  });
  stack.add('subgraph', subgraph);
  const schema = { name: 'one', url: subgraph.url, sdl: 'type Query { hello: String }' };
  const open = async () =>
    stack.add(
      'gateway',
      await startTestGateway(
        [schema],
        {
          GATEWAY_AUTHENTICATION_ISSUERS: JSON.stringify({
            one: { issuer: server.issuer, audiences: [server.audience], header: 'authorization', cookie: 'session' },
          }),
          GATEWAY_AUTHENTICATION_API_KEYS_BILLING_SHA256: hashApiKey(API_KEY),
          GATEWAY_AUTHENTICATION_REVOCATION_IS_ENABLED: 'true',
          GATEWAY_AUTHENTICATION_REVOCATION_KEY: REVOCATION_KEY,
        },
        log,
      ),
    );

  const tokens = {
    good: await server.token(key, { jti: 'good' }),
    expired: await server.token(key, { exp: 1 }),
    forged: await server.token(await server.addKey('one')),
    unknown: await server.token(key, {}, { kid: 'unknown' }),
    misdirected: await server.token(key, { aud: 'elsewhere' }),
    broken: 'not.a.token-that-anybody-should-see',
  };
  const answers: string[] = [];
  const ask = async (gateway: TestGateway, headers: Record<string, string>) => {
    const { status, headers: answered, body } = await gateway.query('{ hello }', { headers });
    answers.push(JSON.stringify([[...answered], body]));
    return status;
  };
  const askWithAll = async (gateway: TestGateway) => {
    const statuses = [];
    for (const token of Object.values(tokens)) {
      statuses.push(await ask(gateway, { authorization: `Bearer ${token}` }));
      statuses.push(await ask(gateway, { cookie: `session=${token}` }));
      statuses.push(await ask(gateway, { authorization: token }));
    }
    return new Set(statuses);
  };
  const gateway = await open();
  expect(await askWithAll(gateway)).toEqual(new Set([200, 401]));
  expect(await ask(gateway, { authorization: `Bearer ${tokens.good}`, 'x-api-key': API_KEY })).toBe(400);
  for (const shown of [API_KEY, `${API_KEY}x`]) answers.push(String(await ask(gateway, { 'x-api-key': shown })));
  for (const authorization of [`Bearer ${REVOCATION_KEY}`, `Bearer ${REVOCATION_KEY}x`])
    await fetch(`${gateway.adminUrl}/revoke`, { method: 'POST', headers: { authorization }, body: '[1' });
  await server.stop();
  expect(await askWithAll(await open())).toEqual(new Set([503, 401]));
  await lines.find(/the keys of the issuer cannot be fetched/);
  await lines.find(/SUBGRAPH_HTTP_ERROR/);

  // The signature of a token alone is enough to know it by.
  const secrets = Object.values(tokens).map((token) => token.split('.')[2] ?? '');
  const seen = [...lines.all, ...answers].join('\n');
  for (const secret of [...secrets, API_KEY, REVOCATION_KEY, hashApiKey(API_KEY)]) expect(seen).not.toContain(secret);
});
