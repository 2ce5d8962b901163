import { DEMO_PASSWORD } from './subgraphs/demo.ts';

export interface StartFacts {
  readonly gateway: string;
  readonly admin: string;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** `undefined` when supergraph.yaml is served without. */
  readonly registry:
    | {
        readonly url: string;
        readonly keyForShell: string;
        readonly keyPlace: string;
        readonly unpublished: readonly string[];
      }
    | undefined;
  /** `undefined` when the data is on a Postgres server. */
  readonly dataDir: string | undefined;
  readonly hasRedis: boolean;
  readonly isDemo: boolean;
}

/** The one screen that `npm start` prints: where to go, who to be, what to paste, what is embedded. */
export function describeStart({ gateway, admin, subgraphs, registry, dataDir, hasRedis, isDemo }: StartFacts): string {
  const endpoint = gateway.replace('127.0.0.1', 'localhost');
  const lines = [
    '',
    '  Tributary is running.',
    '',
    `  Explorer    ${endpoint}/graphql   (in a browser)`,
    `  Endpoint    ${endpoint}/graphql   (POST)`,
    `  REST        ${endpoint}/openapi   (in a browser: the routes that operations answer)`,
    `  Admin       ${admin}   /health /ready /supergraph /upstreams /metrics; POST /reload (with content-type: application/json)`,
    ...subgraphs.map(
      ({ name, url }, index) => `  ${index === 0 ? 'Subgraphs ' : '          '}  ${name.padEnd(14)}${url}/graphql`,
    ),
    registry === undefined
      ? '  Registry    none: supergraph.yaml is served'
      : `  Registry    ${registry.url}   (in a browser: the console; its key is in ${registry.keyPlace})`,
    '',
    ...(isDemo
      ? [
          `  Demo users, both with the password ${DEMO_PASSWORD}`,
          '              ada@example.com    a customer with orders and notifications',
          '              admin@example.com  an administrator',
          '',
          '  Paste this into a terminal:',
          '',
          ...curlLines(endpoint).map((line) => `    ${line}`),
          '',
        ]
      : ['  No demo data  (SEED=demo adds it to empty tables)', '']),
    ...(registry === undefined ? [] : roverLines(registry)),
    dataDir === undefined
      ? '  Data        on the Postgres of DATABASE_URL'
      : `  Data        embedded Postgres in ${dataDir}/ (TRIBUTARY_DATA_DIR moves it; DATABASE_URL uses a server)`,
    hasRedis
      ? '  Events      Redis Streams at REDIS_URL'
      : '  Events      in this process (REDIS_URL uses Redis Streams)',
    '',
    '  Ctrl-C stops it.',
    '',
  ];
  return lines.join('\n');
}

function roverLines({ url, keyForShell, unpublished }: NonNullable<StartFacts['registry']>): string[] {
  const dirty = `  Not published: the schema of ${unpublished.join(', ')} differs here.  npm run publish -- ${unpublished.join(' ')}`;
  return [
    '  To use rover, paste this:',
    '',
    `    export APOLLO_REGISTRY_URL=${url}/graphql APOLLO_KEY=${keyForShell} APOLLO_TELEMETRY_DISABLED=1`,
    '    npx rover subgraph list tributary@current',
    '',
    ...(unpublished.length === 0 ? [] : [dirty, '']),
  ];
}

function curlLines(endpoint: string): string[] {
  const login = `mutation { login(email: \\"ada@example.com\\", password: \\"${DEMO_PASSWORD}\\") { accessToken } }`;
  return [
    `TOKEN=$(curl -s ${endpoint}/graphql -H 'content-type: application/json' \\`,
    `  -d '{"query": "${login}"}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
    `curl -s ${endpoint}/graphql -H 'content-type: application/json' -H "authorization: Bearer $TOKEN" \\`,
    `  -d '{"query": "{ me { name email orders { id total } notifications { message } } }"}'`,
  ];
}
