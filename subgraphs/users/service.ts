import { relayOutbox } from '../../service/outbox.ts';
import { ClosingStack } from '../../service/run.ts';
import { createTokenVerifier } from '../../service/tokens.ts';
import { serveSubgraph } from '../server.ts';
import type { Service } from '../service.ts';
import { usersConfig } from './config.ts';
import { createUserLoader } from './data.ts';
import { createHashAllowance } from './hash-allowance.ts';
import { createSigningKeys } from './keys.ts';
import { addOauthToken } from './oauth-token.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import { type Context, resolvers } from './resolvers.ts';
import { addRest } from './rest.ts';
import { seedUsers } from './seed.ts';
import { createSessions } from './sessions.ts';
import { outbox } from './tables.ts';
import { createTokenIssuer } from './tokens.ts';

/** Accounts and logins, and the issuer of the tokens that all services trust. */
export function createUsers(passwords: Passwords = createPasswords()): Service<typeof usersConfig> {
  return {
    name: 'users',
    config: usersConfig,
    async start({ config, database, events, log }) {
      const now = () => new Date();
      const { issuer, audience, accessTtlS: ttlS, refreshTtlDays: ttlDays } = config.token;
      const keys = createSigningKeys({ database, rotateAfterDays: config.keys.rotateAfterDays, tokenTtlS: ttlS, now });
      const issue = createTokenIssuer({ keys, issuer, audience, ttlS, now });
      const refreshTokens = createRefreshTokens({ database, ttlDays, now });
      const sessions = createSessions({ database, passwords, refreshTokens, issue, now });

      await keys.current();
      if (config.seed === 'demo') await seedUsers(database, passwords);

      const stack = new ClosingStack();
      try {
        const relay = stack.add('outbox', relayOutbox({ database, table: outbox, service: 'users', events, log }));
        const served = await serveSubgraph<Context>(
          {
            name: 'users',
            schema: new URL('./schema.graphql', import.meta.url),
            resolvers,
            context: (caller) => ({
              caller,
              users: createUserLoader(database),
              database,
              sessions,
              spendHash: createHashAllowance(),
              nudge: () => relay.nudge(),
              now,
            }),
            rest: (app, callerOf) => {
              addRest(app, { database, keys, callerOf });
              addOauthToken(app, { clients: config.clients, issue });
            },
            ready: () => database.ping(),
            verifyToken: createTokenVerifier({ issuer, audience, keys: keys.find }),
          },
          { ...config.http, telemetry: config, log },
        );
        stack.add('server', served);
        return { url: served.url, close: () => stack.close() };
      } catch (error) {
        await stack.close();
        throw error;
      }
    },
  };
}

/** Users with passwords at their full cost. */
export const users = createUsers();
