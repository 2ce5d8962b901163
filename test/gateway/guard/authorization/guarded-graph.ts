import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClosingStack, type Running } from '../../../../service/run.ts';
import { askedFields } from '../../../support/asked-fields.ts';
import {
  type ControlledOptions,
  type ControlledSubgraph,
  startControlledSubgraph,
} from '../../../support/controlled-subgraph.ts';
import { startIssuer, trusting } from '../../../support/issuer.ts';
import {
  type Answer,
  composeOrThrow,
  type QueryOptions,
  startTestGateway,
  type TestGateway,
} from '../../../support/test-gateway.ts';

/** Who asks in a test. */
export interface Caller {
  /** Of a token; without them the caller is anonymous. */
  readonly scopes?: readonly string[];
  /** Of a token; `someone` by default. */
  readonly subject?: string;
  /** Those that hold, by the policy module of these tests. */
  readonly policies?: readonly string[];
}

/** A gateway with authorisation over subgraphs that write down what they are asked for. */
export interface GuardedGraph extends Running {
  readonly gateway: TestGateway;
  readonly subgraphs: readonly ControlledSubgraph[];
  ask(query: string, caller?: Caller, options?: QueryOptions): Promise<Answer>;
  /** Serves what becomes of the composed graph from now on. */
  serve(edit: (supergraphSdl: string) => string): Promise<void>;
  /** All fields, as `Type.field`, that any subgraph was asked for since this was called last. */
  received(): string[];
}

/** It lets hold what a header names. */
const POLICY_MODULE = `
  export default ({ policies, headers }) => {
    const holding = (headers['x-policies'] ?? '').split(' ');
    return Object.fromEntries(policies.map((policy) => [policy, holding.includes(policy)]));
  };
`;

export interface GuardedGraphOptions {
  /** Options of the gateway by their environment names. */
  readonly environment?: Record<string, string>;
  /** Makes of what is composed what is served: as an older composer would have left it. */
  readonly edit?: (supergraphSdl: string) => string;
  /** The text of a policy module; by default it lets hold what the caller of a test has. */
  readonly policyModule?: string;
}

export async function startGuardedGraph(
  subgraphs: readonly ControlledOptions[],
  { environment = {}, edit = (sdl) => sdl, policyModule = POLICY_MODULE }: GuardedGraphOptions = {},
): Promise<GuardedGraph> {
  const stack = new ClosingStack();
  const directory = mkdtempSync(join(tmpdir(), 'tributary-guard-'));
  stack.add('directory', { close: async () => rmSync(directory, { recursive: true }) });
  const policyFile = join(directory, 'policies.mjs');
  writeFileSync(policyFile, policyModule);
  const issuer = stack.add('issuer', await startIssuer());
  const running = await Promise.all(subgraphs.map(startControlledSubgraph));
  for (const subgraph of running) stack.add('subgraph', subgraph);
  const schemas = running.map(({ schema }) => schema);
  const supergraph = join(directory, 'supergraph.graphql');
  const composed = composeOrThrow(schemas);
  writeFileSync(supergraph, edit(composed));
  const gateway = stack.add(
    'gateway',
    await startTestGateway(schemas, {
      GATEWAY_SUPERGRAPH_FILE: supergraph,
      GATEWAY_SUPERGRAPH_POLL_INTERVAL_MS: '0',
      ...trusting(issuer),
      GATEWAY_AUTHORIZATION_POLICY_MODULE: policyFile,
      ...environment,
    }),
  );

  return {
    gateway,
    subgraphs: running,
    ask: async (query, { scopes, subject = 'someone', policies = [] } = {}, options = {}) => {
      const headers: Record<string, string> = { 'x-policies': policies.join(' '), ...options.headers };
      if (scopes !== undefined) headers.authorization = `Bearer ${await issuer.token({ subject, scopes })}`;
      return gateway.query(query, { ...options, headers });
    },
    serve: async (change) => {
      writeFileSync(supergraph, change(composed));
      const { outcome } = await gateway.reload();
      if (outcome !== 'changed') throw new Error(outcome);
    },
    received: () => {
      const asked = running.flatMap(({ schema, calls }) =>
        calls.splice(0).flatMap(({ query }) => askedFields(schema, query)),
      );
      return [...new Set(asked)].sort();
    },
    close: () => stack.close(),
  };
}

/** The errors of an answer as tests write them down: the path, and the message. */
export function refusalsOf({ body: { errors = [] } }: Answer): readonly (readonly [string, string])[] {
  return errors.map(({ path = [], message, extensions: { code } }) => {
    if (code !== 'UNAUTHORIZED_FIELD_OR_TYPE') throw new Error(`${String(code)}: ${message}`);
    return [path.join('.'), message] as const;
  });
}
