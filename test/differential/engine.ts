import {
  type DocumentNode,
  execute,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { compose } from '../../composition/compose.ts';
import { compileOnce } from '../../gateway/execution/compile.ts';
import { type ExecutionResult, executeToBytes, execute as executeToValues } from '../../gateway/execution/execute.ts';
import { createAsk } from '../../gateway/execution/reply.ts';
import type { Supergraph } from '../../gateway/supergraph/supergraph.ts';
import type { Send } from '../../gateway/upstream/send.ts';
import { applyConditions, conditionVariables } from '../../planning/conditions.ts';
import type { QueryPlan } from '../../planning/plan.ts';
import { toPlannable } from '../../planning/plannable.ts';
import { buildPlanner, type LocalPlanner } from '../../planning/planner.ts';
import { createData, type Data } from './data.ts';
import type { FaultAt } from './faults.ts';
import { range } from './generate-model.ts';
import type { Operation } from './generate-operation.ts';
import type { Model } from './model.ts';
import { createSubgraphSchema } from './subgraph-schema.ts';
import { printSubgraph } from './subgraph-sdl.ts';

/** A graph that runs: the engine over its subgraphs, without a network between. */
export interface RunningGraph {
  readonly model: Model;
  readonly data: Data;
  readonly apiSchema: GraphQLSchema;
  readonly sdls: readonly string[];
  /** Whether resolvers go wrong. */
  readonly isFaulty: boolean;
  plan(operation: Operation): QueryPlan;
  /** The answer as bytes are written, and as values are completed. */
  execute(operation: Operation): Promise<{ readonly written: unknown; readonly completed: ExecutionResult }>;
}

/** @returns `undefined` for a model whose subgraphs do not compose */
export function startGraph(model: Model, faultAt?: FaultAt): RunningGraph | undefined {
  const data = createData(model, faultAt);
  const names = range(model.subgraphs);
  const sdls = names.map((subgraph) => printSubgraph(model, subgraph));
  const composition = compose(sdls.map((sdl, subgraph) => ({ name: `s${subgraph}`, url: 'http://none', sdl })));
  if ('errors' in composition) return undefined;
  const planner = buildPlanner(composition.supergraphSdl);
  const supergraph = toSupergraph(composition.supergraphSdl, planner);
  const sends = new Map(names.map((subgraph) => [`s${subgraph}`, sendTo(createSubgraphSchema(model, data, subgraph))]));
  const send = (name: string) =>
    sends.get(name) ?? (() => Promise.reject(new TypeError(`there is no subgraph ${name}`)));

  return {
    model,
    data,
    apiSchema: supergraph.apiSchema,
    sdls,
    isFaulty: faultAt !== undefined,
    plan: (operation) => prepare(planner, operation).plan,
    execute: async (operation) => {
      const { document, plan, plannable, coercedVariables } = prepare(planner, operation);
      const [definition] = document.definitions;
      if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('an operation comes first');
      const fragments = new Map(
        document.definitions.flatMap((node) =>
          node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
        ),
      );
      const compiled = compileOnce({
        supergraph,
        operation: definition,
        fragments,
        plan,
        plannable,
        conditions: coercedVariables,
      });
      const ask = () =>
        createAsk({
          send,
          headers: {},
          signal: new AbortController().signal,
          isShareable: definition.operation === 'query',
        });
      const request = { variables: operation.variables, coercedVariables };
      const { body } = await executeToBytes(compiled, { ...request, ask: ask() });
      const completed = await executeToValues(compiled, { ...request, ask: ask() });
      return { written: JSON.parse(body.toString('utf8')), completed };
    },
  };
}

function prepare(planner: LocalPlanner, { query, variables }: Operation) {
  const document = parse(query);
  const [definition] = document.definitions;
  const defined = definition?.kind === Kind.OPERATION_DEFINITION ? definition.variableDefinitions : undefined;
  const { coerced, errors } = getVariableValues(planner.apiSchema, defined ?? [], { ...variables });
  if (errors !== undefined) throw new TypeError(errors.map(({ message }) => message).join('\n'));
  const plannable = toPlannable(document, planner.required);
  const values = plannable.rename(coerced);
  const conditions = new Map(conditionVariables(plannable.document).map((name) => [name, values[name] === true]));
  const plan = planner.plan(applyConditions(plannable.document, conditions), undefined);
  return { document, plan, plannable, coercedVariables: coerced };
}

/** What execution knows of a supergraph; planning is done here, without threads. */
function toSupergraph(sdl: string, planner: LocalPlanner): Supergraph {
  const elsewhere = () => {
    throw new TypeError('planning is done in this thread');
  };
  const { apiSchema, schema, subgraphs } = planner;
  const close = () => Promise.resolve();
  return {
    id: 'random',
    sdl,
    apiSchema,
    schema,
    subgraphs,
    planner: { ...planner, validate: elsewhere, plan: elsewhere, close },
  };
}

/** A subgraph as a transport sees it: bytes in, bytes out. What it is asked must be valid there. */
function sendTo(schema: GraphQLSchema): Send {
  const documents = new Map<string, DocumentNode>();
  return async ({ body }) => {
    const { query, variables } = JSON.parse(String(body)) as { query: string; variables?: Record<string, unknown> };
    let document = documents.get(query);
    if (document === undefined) {
      document = parse(query);
      const invalid = validate(schema, document, specifiedRules);
      if (invalid.length > 0) throw new TypeError(`an invalid fetch: ${query}: ${invalid.join()}`);
      documents.set(query, document);
    }
    const result = await execute({ schema, document, variableValues: variables ?? {} });
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(result)) };
  };
}
