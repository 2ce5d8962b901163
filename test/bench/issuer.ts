import { startKeyServer } from '../support/key-server.ts';

/** Who issues the tokens that clients of a guarded gateway bring: a server of this process, which does little else. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** Of as many people. */
  readonly tokens: readonly string[];
  /** Of the same people, who may see the catalogue with these. */
  readonly wider: readonly string[];
  /** So many tokens that look right, each of them another, and are signed by somebody else. */
  forge(count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

const PEOPLE = 100;
/** Longer than any run. */
const LIFETIME_S = 7_200;

let opening: Promise<Issuer> | undefined;

/** The issuer of this run: started when it is first asked for. */
export function issuerOfRun(): Promise<Issuer> {
  opening ??= openIssuer();
  return opening;
}

/** Ends it, if it was ever asked for. */
export async function closeIssuer(): Promise<void> {
  await (await opening)?.close();
}

async function openIssuer(): Promise<Issuer> {
  const server = await startKeyServer();
  const [key, foreign] = [await server.addKey('bench'), await server.addKey('bench')];
  server.publish(key);
  const { issuer, audience, jwksUrl } = server;
  const exp = Math.floor(Date.now() / 1_000) + LIFETIME_S;
  const of = (number: number, more = '') => ({
    ...{ sub: `person-${number}`, exp },
    scope: `orders:read profile${more}`,
  });
  const issue = (more?: string) =>
    Promise.all(Array.from({ length: PEOPLE }, (_, number) => server.token(key, of(number, more))));
  return {
    ...{ issuer, audience, jwksUrl },
    tokens: await issue(),
    wider: await issue(' catalogue:read'),
    forge: (count) => Promise.all(Array.from({ length: count }, (_, number) => server.token(foreign, of(number)))),
    close: () => server.close(),
  };
}
