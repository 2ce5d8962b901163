import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { addAnchors, requireAnchors } from './chained-requirements.ts';
import { askEmptyInterfaces, findEmptyInterfaces } from './empty-interfaces.ts';
import { expandAbstractConditions, findInterfaceObjects } from './interface-objects.ts';
import type { QueryPlan } from './plan.ts';
import { createPlanCheck } from './plan-check.ts';
import { removeAnchors } from './remove-anchors.ts';
import { separateRequiredArguments } from './required-arguments.ts';
import { putResolvableKeysFirst } from './resolvable-keys.ts';
import { createArgumentRestorer } from './restore-arguments.ts';

/** The planner, and around it what makes good for its faults: `docs/decisions/0005` names each. */
export interface RepairedPlanner {
  /** What is planned on: fields may have been added to the supergraph that was given. */
  readonly document: DocumentNode;
  plan(document: DocumentNode, operationName: string | undefined, labels: ReadonlyMap<string, boolean>): QueryPlan;
}

export interface RepairedPlannerOptions {
  readonly document: DocumentNode;
  /** Built from the document, and valid. */
  readonly supergraph: Supergraph;
  readonly apiSchema: GraphQLSchema;
  readonly config: QueryPlannerConfig | undefined;
}

export function createRepairedPlanner(options: RepairedPlannerOptions): RepairedPlanner {
  const { document, supergraph, apiSchema, config } = options;
  const separated = separateRequiredArguments(putResolvableKeysFirst(document));
  const restoreArguments = createArgumentRestorer(separated);
  const isSound = createPlanCheck(separated.supergraph);
  const empty = findEmptyInterfaces(document);
  const interfaceObjects = findInterfaceObjects(document);

  const planOn = createPlan(separated.supergraph === document ? supergraph : build(separated.supergraph), config);
  // Built when a plan needs it, which few do: it costs what the first one cost.
  let planAnchored: PlanOn | undefined;

  return {
    document: separated.supergraph,
    plan: (operation, name, labels) => {
      const expanded = expandAbstractConditions(operation, apiSchema, interfaceObjects);
      const repaired = askEmptyInterfaces(expanded, apiSchema, empty);
      let plan = planOn(repaired, name, labels);
      if (!isSound(plan)) {
        planAnchored ??= createPlan(buildAnchored(separated.supergraph), config);
        plan = removeAnchors(planAnchored(repaired, name, labels));
      }
      return restoreArguments(plan);
    },
  };
}

type PlanOn = (document: DocumentNode, name: string | undefined, labels: ReadonlyMap<string, boolean>) => QueryPlan;

function createPlan(supergraph: Supergraph, config: QueryPlannerConfig | undefined): PlanOn {
  const api = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, config);
  return (document, name, labels) => {
    const options = { ...(name === undefined ? {} : { operationName: name }), validate: false };
    return planner.buildQueryPlan(operationFromDocument(api, document, options), {
      overrideConditions: new Map(labels),
    });
  };
}

/** What was valid before it was repaired need not be validated again, and would not be valid: see `requireAnchors`. */
function build(document: DocumentNode): Supergraph {
  return Supergraph.build(document, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    validateSupergraph: false,
  });
}

function buildAnchored(document: DocumentNode): Supergraph {
  const supergraph = build(addAnchors(document));
  requireAnchors(supergraph);
  return supergraph;
}
