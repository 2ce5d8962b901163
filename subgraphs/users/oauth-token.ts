import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { UsersConfig } from './config.ts';
import { authenticateClient, type Form, OauthError, readForm } from './oauth-client.ts';
import type { IssueToken } from './tokens.ts';

export interface OauthTokenOptions {
  readonly clients: UsersConfig['clients'];
  readonly issue: IssueToken;
}

/**
 * `POST /oauth/token`: the client credentials grant (RFC 6749 §4.4), by which a service gets a token that speaks for itself,
 * with the subject `service:NAME`. Without `scope` it gets all that the client may have.
 */
export function addOauthToken(app: FastifyInstance, { clients, issue }: OauthTokenOptions): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 10_000 },
      async (_request: FastifyRequest, body: string) => readForm(body),
    );

    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    });

    scope.setErrorHandler((error, request, reply) => {
      const refusal = toOauthError(error);
      if (refusal === undefined) {
        request.log.error({ err: error }, 'no token could be issued');
        return reply.code(500).send({ error: 'server_error' });
      }
      if (refusal.code === 'invalid_client') reply.code(401).header('www-authenticate', 'Basic realm="oauth"');
      else reply.code(400);
      return reply.send({ error: refusal.code, error_description: refusal.message });
    });

    scope.post<{ Body: Form | undefined }>('/oauth/token', { config: { ownAuthentication: true } }, async (request) => {
      const form = request.body ?? new Map<string, string>();
      const client = authenticateClient(request.headers.authorization, form, clients);
      const scopes = readGrant(form, client.scopes);
      const { token, ttlS } = await issue({ subject: `service:${client.name}`, scopes, clientId: client.name });
      return { access_token: token, token_type: 'Bearer', expires_in: ttlS, scope: scopes.join(' ') };
    });
  });
}

/** Which scopes are granted: those asked for, if the client may have them all. */
function readGrant(form: Form, allowed: readonly string[]): readonly string[] {
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw new OauthError('invalid_request', 'grant_type is missing.');
  if (grantType !== 'client_credentials') {
    throw new OauthError('unsupported_grant_type', 'Only client_credentials is supported.');
  }
  const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const refused = asked.filter((scope) => !allowed.includes(scope));
  if (refused.length > 0) throw new OauthError('invalid_scope', `This client may not have ${refused.join(' ')}.`);
  return asked.length === 0 ? allowed : [...new Set(asked)];
}

function toOauthError(error: unknown): OauthError | undefined {
  if (error instanceof OauthError) return error;
  // What fastify refuses by itself: a body of another type, or too long.
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  if (typeof status !== 'number' || status >= 500) return undefined;
  return new OauthError('invalid_request', 'The body must be a short form (application/x-www-form-urlencoded).');
}
