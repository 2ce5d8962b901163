import { describe, expect, it } from '@jest/globals';
import { gatewayConfig } from '../../../gateway/config.ts';
import { hashApiKey } from '../../../gateway/guard/api-keys.ts';
import { findAuthenticationProblems } from '../../../gateway/guard/authentication-problems.ts';

const issuer = (more = {}) => ({ issuer: 'https://idp.example', audiences: ['shop'], ...more });
const billing = { sha256: [hashApiKey('a')] };

describe('options of authentication', () => {
  const problemsOf = (authentication: object, others: object = {}) =>
    findAuthenticationProblems(gatewayConfig.parse({ authentication, ...others })).map(
      ({ path, message }) => `${path} ${message}`,
    );

  it('are fine together as a rule', () => {
    expect(
      problemsOf(
        {
          issuers: {
            a: issuer({ cookie: 'session' }),
            b: issuer({ issuer: 'https://other.example', header: 'x-token' }),
          },
          apiKeys: { billing, mailing: { sha256: [hashApiKey('b')] } },
          forward: { claims: { 'x-user-id': 'sub' } },
        },
        { headers: { forward: ['x-tenant', 'cookie', 'x-token'] } },
      ),
    ).toEqual([]);
  });

  it.each([
    [{ issuers: { a: issuer(), b: issuer() } }, {}, 'authentication.issuers.b.issuer is that of "a"'],
    [
      { issuers: { a: issuer({ cookie: 's' }) } },
      { http: { csrfPrevention: false } },
      'a.cookie needs http.csrfPrevention',
    ],
    [{ apiKeys: { billing, other: billing } }, {}, 'authentication.apiKeys.other has a key of "billing"'],
    [{ apiKeys: { billing }, apiKeyHeader: 'Authorization' }, {}, 'apiKeyHeader authorization is for something else'],
    [
      { apiKeys: { billing }, issuers: { a: issuer({ header: 'x-api-key' }) } },
      {},
      'apiKeyHeader x-api-key is for something else',
    ],
    [{ apiKeys: { billing } }, { headers: { forward: ['X-Api-Key'] } }, 'headers.forward x-api-key is a credential'],
    [{ forward: { token: false } }, { headers: { forward: ['Authorization'] } }, 'authorization is a credential'],
    [
      { forward: { token: false }, issuers: { a: issuer({ cookie: 's' }) } },
      { headers: { forward: ['cookie'] } },
      'cookie is a credential',
    ],
    [
      { forward: { claims: { 'X-User_Id': 'sub' } } },
      { headers: { forward: ['x-user-id'] } },
      'authentication.forward.claims.X-User_Id is also in headers.forward',
    ],
    [{ forward: { claims: { authorization: 'sub' } } }, {}, 'claims.authorization is no name'],
    [{ forward: { claims: { 'Content-Length': 'sub' } } }, {}, 'claims.Content-Length is no name'],
    [{ forward: { claims: { 'x user': 'sub' } } }, {}, 'claims.x user is no name'],
  ])('are refused when they do not fit together: %j %j', (authentication, others, message) => {
    expect(problemsOf(authentication, others)).toEqual([expect.stringContaining(message)]);
  });
});
