import { DEMO_PASSWORD } from '../../../subgraphs/demo.ts';
import { ask } from './ask.ts';

export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
}

/** Logs a demo user in. */
export async function logIn(url: string, email: string): Promise<Session> {
  const { data } = await ask<{ login: Session }>(
    url,
    'mutation ($email: String!, $password: String!) { login(email: $email, password: $password) { accessToken refreshToken expiresAt } }',
    { variables: { email, password: DEMO_PASSWORD } },
  );
  return data.login;
}
