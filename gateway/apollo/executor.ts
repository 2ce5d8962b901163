import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { compileOnce } from '../execution/compile.ts';
import { execute } from '../execution/execute.ts';
import { createAsk } from '../execution/reply.ts';
import type { Authorize } from '../guard/authorize.ts';
import type { DecideLabels } from '../operation/override-labels.ts';
import type { Plan } from '../operation/plan.ts';
import { coerceVariables, selectOperation } from '../operation/prepare.ts';
import { readConditions } from '../operation/read-conditions.ts';
import { checkVariables, type VariableLimits } from '../operation/variable-limits.ts';
import { forwardedHeaders, forwardedNames, readDeadline } from '../request.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { Held } from '../upstream/upstreams.ts';
import { makePrivate, restrictCachePolicy } from './cache-policy.ts';
import { toGraphQLError, toRefusal } from './graphql-error.ts';
import type { PrepareDocument } from './prepare-document.ts';
import { addHeaders, type HeadersFrom } from './server-headers.ts';
import { type IdentityFrom, toIdentity } from './server-identity.ts';

export interface ExecutorOptions<Context> {
  readonly currentSupergraph: () => Supergraph;
  readonly prepareDocument: PrepareDocument;
  readonly authorize: Authorize;
  /** `undefined` where no graph with anything guarded is served. */
  readonly identityFrom: IdentityFrom<Context> | undefined;
  readonly decideLabels: DecideLabels;
  readonly plan: Plan;
  /** The addresses of the graph that a request came on, kept open until they are released. */
  readonly holdUpstreams: (supergraph: Supergraph) => Held;
  readonly limits: VariableLimits;
  /** Names of headers that travel to subgraphs besides those that always do. */
  readonly forward: readonly string[];
  readonly headersFrom: HeadersFrom<Context> | undefined;
  /** Told when a mutation has ended, before its answer is sent. */
  readonly onWrite: () => void;
  /** How long subgraphs may take for one operation, in milliseconds. */
  readonly operationTimeoutMs: number;
}

/**
 * Makes the function to which Apollo Server gives each operation, introspection included, once it is parsed, validated and let
 * through by its plugins. It never rejects: Apollo Server would show the message of whatever was thrown.
 */
export function createExecutor<Context>(options: ExecutorOptions<Context>): GatewayExecutor {
  const { currentSupergraph, prepareDocument, authorize, identityFrom, decideLabels, plan } = options;
  const { holdUpstreams, limits, headersFrom, onWrite } = options;
  // Tokens are the server's business, and the subgraphs'.
  const forwarded = forwardedNames(['authorization', ...options.forward]);
  return async (context) => {
    try {
      const supergraph = currentSupergraph();
      const upstreams = holdUpstreams(supergraph);
      try {
        return await answer(context, supergraph, upstreams.send);
      } finally {
        upstreams.release();
      }
    } catch (error) {
      return { errors: toRefusal(error, context) };
    }
  };

  async function answer(
    context: GatewayGraphQLRequestContext,
    supergraph: Supergraph,
    send: Held['send'],
  ): Promise<GatewayExecutionResult> {
    const { request, source } = context;
    const variables = request.variables ?? {};
    checkVariables(variables, limits);
    const headers = headersOf(context);
    // Apollo Server tells no address.
    const client = headers.authorization ?? '';

    // Not waited for when it is known: most requests go on in the same turn.
    const preparing = prepareDocument(supergraph, context, client);
    const prepared = preparing instanceof Promise ? await preparing : preparing;
    const operation = selectOperation(prepared, request.operationName);
    const coercedVariables = coerceVariables(supergraph, operation, variables);
    readConditions(prepared.document, coercedVariables);

    // Apollo Server's types say nothing of the context value that the team's own function has made.
    const asked = identityFrom?.(context.context as Context);
    const identity = asked && toIdentity(asked);
    const authorizing = authorize({ supergraph, prepared, operation, coercedVariables, identity, headers });
    const decision = authorizing instanceof Promise ? await authorizing : authorizing;
    if (decision !== undefined) makePrivate(context.overallCachePolicy);

    const labels = decideLabels({ supergraph, prepared, headers });
    const planning = plan({ supergraph, prepared, operation, coercedVariables, labels, decision, client });
    const { plan: queryPlan, plannable } = planning instanceof Promise ? await planning : planning;
    const compiled = compileOnce({
      supergraph,
      operation,
      fragments: prepared.fragments,
      plan: queryPlan,
      plannable,
      conditions: coercedVariables,
      decision,
    });
    const isWriting = operation.operation === 'mutation';
    const execution = execute(compiled, {
      variables,
      coercedVariables,
      ask: createAsk({
        send: (subgraph) => sendFor(context, subgraph, send),
        headers: forwardedHeaders(headers, forwarded),
        // Apollo Server does not tell when a client goes away.
        signal: new AbortController().signal,
        isShareable: !isWriting,
        deadline: readDeadline(headers, performance.now(), options.operationTimeoutMs),
      }),
    });
    const { data, errors } = await (isWriting ? execution.finally(onWrite) : execution);
    return errors.length === 0 ? { data } : { data, errors: errors.map((error) => toGraphQLError(error, source)) };
  }

  function sendFor(
    { context, overallCachePolicy }: GatewayGraphQLRequestContext,
    subgraph: string,
    send: Held['send'],
  ): ReturnType<Held['send']> {
    const sent = restrictCachePolicy(send(subgraph), overallCachePolicy);
    return headersFrom === undefined ? sent : addHeaders(sent, () => headersFrom(context as Context, subgraph));
  }
}

/** An operation that the server itself asks for (`executeOperation`) may come without HTTP. */
function headersOf({ request: { http } }: GatewayGraphQLRequestContext): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(http?.headers ?? []);
}
