import type { ConfigProblem } from '../../service/config.ts';
import type { GatewayConfig } from '../config.ts';
import { travellingHeader } from '../header-name.ts';
import { credentialHeaders, placesOf } from './credentials.ts';

type Config = Pick<GatewayConfig, 'authentication' | 'headers' | 'http'>;

/** Headers that say something else than a claim does. */
const TAKEN: ReadonlySet<string> = new Set(['authorization', 'cookie', 'traceparent', 'tracestate', 'accept-language']);

/** What is wrong with options of authentication that are right each by itself. */
export function findAuthenticationProblems(config: Config): readonly ConfigProblem[] {
  return [...findIssuerProblems(config), ...findApiKeyProblems(config), ...findForwardProblems(config)];
}

function findIssuerProblems({ authentication: { issuers }, http }: Config): ConfigProblem[] {
  const all = Object.entries(issuers);
  return all.flatMap(([name, { issuer, cookie }], index) => {
    const path = `authentication.issuers.${name}`;
    const twin = all.slice(0, index).find(([, other]) => other.issuer === issuer)?.[0];
    return [
      ...(twin === undefined
        ? []
        : [{ path: `${path}.issuer`, message: `is that of "${twin}"; give it all audiences` }]),
      ...(cookie === undefined || http.csrfPrevention
        ? []
        : [{ path: `${path}.cookie`, message: 'needs http.csrfPrevention: any web page could use it otherwise' }]),
    ];
  });
}

function findApiKeyProblems({ authentication: { issuers, apiKeys, apiKeyHeader } }: Config): ConfigProblem[] {
  const all = Object.entries(apiKeys);
  if (all.length === 0) return [];
  const inHeaders = Object.values(issuers)
    .flatMap(placesOf)
    .filter(({ kind }) => kind === 'header');
  const isTaken = TAKEN.has(apiKeyHeader) || inHeaders.some(({ name }) => name === apiKeyHeader);
  const owners = new Map<string, string>();
  const shared = all.flatMap(([name, { sha256 }]) =>
    sha256.flatMap((digits) => {
      const owner = owners.get(digits.toLowerCase());
      owners.set(digits.toLowerCase(), name);
      return owner === undefined
        ? []
        : [{ path: `authentication.apiKeys.${name}`, message: `has a key of "${owner}"` }];
    }),
  );
  return [
    ...(isTaken
      ? [{ path: 'authentication.apiKeyHeader', message: `${apiKeyHeader} is for something else already` }]
      : []),
    ...shared,
  ];
}

/** Nothing that a client sends goes to subgraphs under the name of a claim, nor a credential that is not to go there. */
function findForwardProblems({ authentication, headers }: Config): ConfigProblem[] {
  const { forward, apiKeys, apiKeyHeader } = authentication;
  const fromClients = new Set(headers.forward.map(fold));
  const claims = Object.keys(forward.claims).flatMap((name) => {
    const path = `authentication.forward.claims.${name}`;
    if (!travellingHeader().safeParse(name).success || TAKEN.has(name.toLowerCase()))
      return [{ path, message: 'is no name that a header made from a claim can have' }];
    if (!fromClients.has(fold(name))) return [];
    return [{ path, message: 'is also in headers.forward: a client could say what a claim is to say' }];
  });
  const isSecret = (name: string) =>
    (Object.keys(apiKeys).length > 0 && name === apiKeyHeader) ||
    (!forward.token && credentialHeaders(authentication).has(name));
  const secrets = headers.forward
    .filter(isSecret)
    .map((name) => ({ path: 'headers.forward', message: `${name} is a credential, which is not to go to subgraphs` }));
  return [...claims, ...secrets];
}

/** As servers that read headers from variables of an environment do (RFC 3875, 4.1.18): to them `x_user` is `x-user`. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
