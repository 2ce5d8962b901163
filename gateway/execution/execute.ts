import { type FragmentDefinitionNode, isObjectType, type OperationDefinitionNode } from 'graphql';
import type { QueryPlan } from '../../planning/plan.ts';
import type { Plannable } from '../../planning/plannable.ts';
import { GatewayError } from '../errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { toClientPath } from './client-path.ts';
import { complete } from './complete.ts';
import { introspect } from './introspect.ts';
import type { Json } from './own.ts';
import type { Ask } from './reply.ts';
import type { ResponseError } from './subgraph-error.ts';
import { walk } from './walk.ts';

export interface Execution {
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly plan: QueryPlan;
  /** The names that the plan has for the client's keys and variables. */
  readonly plannable: Plannable;
  /** As the client sent them: what goes to the subgraphs. */
  readonly variables: Json;
  /** With defaults and coercion applied: what conditions look at. */
  readonly coercedVariables: Json;
  readonly ask: Ask;
}

export interface ExecutionResult {
  readonly data: Json | null;
  readonly errors: readonly ResponseError[];
}

/**
 * Executes a plan: fetches what it says into one tree of data, then completes that tree into the client's answer. What a
 * subgraph fails to bring becomes nulls and errors; it never becomes a throw.
 */
export async function execute(execution: Execution): Promise<ExecutionResult> {
  const { supergraph, operation, fragments, plan, plannable, variables, coercedVariables, ask } = execution;
  const rootType = supergraph.apiSchema.getRootType(operation.operation);
  if (!rootType) throw new GatewayError('GRAPHQL_VALIDATION_FAILED', `The schema has no ${operation.operation} type.`);

  const root: Json = {};
  const fetchErrors = await fetchAll();
  const known = fetchErrors.map((error) => atClientPath(error, execution));

  const { data, errors } = complete(
    {
      apiSchema: supergraph.apiSchema,
      fragments,
      coercedVariables,
      keyOf: plannable.keyOf,
      known,
      introspect: (field) =>
        introspect(
          {
            apiSchema: supergraph.apiSchema,
            fragments,
            variableDefinitions: operation.variableDefinitions ?? [],
            variables,
          },
          field,
        ),
      isHidden: (typename) =>
        isObjectType(supergraph.schema.getType(typename)) && supergraph.apiSchema.getType(typename) === undefined,
    },
    rootType,
    operation.selectionSet,
    root,
  );
  return { data, errors: [...known, ...errors] };

  async function fetchAll(): Promise<ResponseError[]> {
    const { node } = plan;
    if (node === undefined) return [];
    if (node.kind === 'Subscription')
      throw new GatewayError('OPERATION_NOT_SUPPORTED', 'Subscriptions are not supported by this gateway.');
    return walk(
      {
        schema: supergraph.schema,
        variables: plannable.rename(variables),
        coercedVariables: plannable.rename(coercedVariables),
        ask,
        root,
      },
      node,
      [{ object: root, path: [] }],
    );
  }
}

function atClientPath(error: ResponseError, { operation, fragments, plannable }: Execution): ResponseError {
  if (error.path === undefined) return error;
  return { ...error, path: toClientPath(error.path, operation.selectionSet, { fragments, keyOf: plannable.keyOf }) };
}
