import { GatewayError } from './errors.ts';
import { compileOnce } from './execution/compile.ts';
import { executeToBytes } from './execution/execute.ts';
import { createAsk } from './execution/reply.ts';
import type { Share } from './execution/share.ts';
import type { Authenticate } from './guard/authenticate.ts';
import type { DecideLabels } from './operation/override-labels.ts';
import type { Plan } from './operation/plan.ts';
import { coerceVariables, type Prepare, selectOperation } from './operation/prepare.ts';
import { forwardedHeaders, forwardedNames, type GatewayRequest } from './request.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import type { Held } from './upstream/upstreams.ts';

export interface PipelineOptions {
  readonly authenticate: Authenticate;
  readonly prepare: Prepare;
  readonly decideLabels: DecideLabels;
  readonly plan: Plan;
  /** The addresses of the graph that a request came on, kept open until they are released. */
  readonly holdUpstreams: (supergraph: Supergraph) => Held;
  /** Lets equal queries in flight have one execution. */
  readonly share: Share;
  /** Names of headers that travel to subgraphs besides those that always do. */
  readonly forward: readonly string[];
  /** Told when a mutation has ended, before its answer is sent: also when it failed, because it may have been done all the same. */
  readonly onWrite: () => void;
}

/** Answers one request with the body of its response. @throws {GatewayError} when it is refused before execution */
export type Handle = (request: GatewayRequest) => Promise<Buffer>;

/**
 * The way of a request, from top to bottom. HTTP, and later WebSocket and REST routes, all come through here; nothing is
 * answered before the guard has spoken.
 */
export function createPipeline(options: PipelineOptions): Handle {
  const { authenticate, prepare, decideLabels, plan, holdUpstreams, share, onWrite } = options;
  const forwarded = forwardedNames(options.forward);
  return async (request) => {
    // Before anything is waited for: a reload meanwhile must not close what this request will send to.
    const upstreams = holdUpstreams(request.supergraph);
    try {
      return await answer(request, upstreams.send);
    } finally {
      upstreams.release();
    }
  };

  async function answer(
    { params, client: address, headers, isReadOnly, signal, supergraph }: GatewayRequest,
    send: Held['send'],
  ): Promise<Buffer> {
    const identity = await authenticate(headers.authorization);
    const client = identity?.subject ?? address;

    // Not waited for when it is known: most requests go on in the same turn.
    const preparing = prepare({ supergraph, text: params.query, client });
    const prepared = preparing instanceof Promise ? await preparing : preparing;
    const operation = selectOperation(prepared, params.operationName);
    if (isReadOnly && operation.operation !== 'query') {
      throw new GatewayError('METHOD_NOT_ALLOWED', `A ${operation.operation} must be sent with POST.`);
    }
    const coercedVariables = coerceVariables(supergraph, operation, params.variables);

    // Authorisation narrows the operation here, and its cost is weighed: before anything is planned or fetched. No
    // supergraph that asks for either is served until the guard does (see guard/enforced-directives.ts).

    const labels = decideLabels({ supergraph, prepared, headers, subject: identity?.subject });
    const planning = plan({ supergraph, prepared, operation, coercedVariables, labels, client });
    const planned = planning instanceof Promise ? await planning : planning;
    const compiled = compileOnce({
      supergraph,
      operation,
      fragments: prepared.fragments,
      plan: planned.plan,
      plannable: planned.plannable,
      conditions: coercedVariables,
    });
    const isWriting = operation.operation === 'mutation';
    const sent = forwardedHeaders(headers, forwarded);
    const { variables } = params;
    const run = (runSignal: AbortSignal, onReply: () => void) =>
      executeToBytes(compiled, {
        variables,
        coercedVariables,
        ask: createAsk({ send, headers: sent, signal: runSignal, isShareable: !isWriting, onReply }),
      });
    const { body } = isWriting
      ? await run(signal, () => {}).finally(onWrite)
      : await share({ operation: compiled, variables, headers: sent }, signal, run);
    return body;
  }
}
