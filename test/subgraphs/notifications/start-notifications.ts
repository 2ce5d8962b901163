import type { Events } from '../../../service/events.ts';
import { createNotifications } from '../../../subgraphs/notifications/service.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

/** Notifications, and an issuer whose tokens they trust. */
export interface StartedNotifications extends TestService {
  readonly token: TestIssuer['token'];
}

export interface StartNotificationsOptions {
  readonly databaseUrl: string;
  readonly events?: Events;
  readonly now?: () => Date;
  readonly seed?: 'none' | 'demo';
}

export async function startNotifications({
  databaseUrl,
  events,
  now,
  seed = 'none',
}: StartNotificationsOptions): Promise<StartedNotifications> {
  const { issuer, audience, jwksUrl, token, close } = await startIssuer();
  const service = await startTestService(createNotifications(now), {
    databaseUrl,
    environment: {
      SEED: seed,
      NOTIFICATIONS_TOKEN_ISSUER: issuer,
      NOTIFICATIONS_TOKEN_AUDIENCE: audience,
      NOTIFICATIONS_TOKEN_JWKS_URL: jwksUrl,
    },
    ...(events === undefined ? {} : { events }),
  });
  return {
    ...service,
    token,
    close: async () => {
      await service.close();
      await close();
    },
  };
}
