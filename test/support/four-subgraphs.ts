import { readSupergraphYaml } from '../../composition/supergraph-yaml.ts';
import { type RunningSubgraphs, SUBGRAPH_NAMES } from '../../subgraphs/start-all.ts';
import { trusting } from './issuer.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** A gateway over the four example subgraphs, composed from the project's own supergraph.yaml. */
export async function startGatewayOver(
  system: RunningSubgraphs,
  environment: Record<string, string> = {},
): Promise<TestGateway> {
  const { subgraphs } = await readSupergraphYaml('supergraph.yaml', { environment: {} });
  const addresses = SUBGRAPH_NAMES.map((name) => [
    `GATEWAY_UPSTREAM_${name.toUpperCase()}_URLS`,
    `${system[name].url}/graphql`,
  ]);
  return startTestGateway(subgraphs, {
    ...Object.fromEntries(addresses),
    ...trusting(
      {
        issuer: 'http://localhost:4101',
        audience: 'tributary',
        jwksUrl: `${system.users.url}/.well-known/jwks.json`,
      },
      'USERS',
    ),
    ...environment,
  });
}

/** Logs in as a demo user. @returns the header that a request carries from then on */
export async function logIn(gateway: TestGateway, email: string): Promise<{ authorization: string }> {
  const { body } = await gateway.query(
    'mutation($email: String!) { login(email: $email, password: "analytical-engine") { accessToken } }',
    { variables: { email } },
  );
  const { login } = body.data as { login: { accessToken: string } };
  return { authorization: `Bearer ${login.accessToken}` };
}
