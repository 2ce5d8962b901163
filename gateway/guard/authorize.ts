import type { OperationDefinitionNode } from 'graphql';
import type { AccessRule } from '../../planning/access-rules.ts';
import type { Identity } from '../../service/identity.ts';
import type { AuthorizationConfig } from '../authorization-config.ts';
import type { AccessDecision } from '../execution/access-decision.ts';
import type { Json } from '../execution/own.ts';
import type { Prepared } from '../operation/prepare.ts';
import type { DecideAgain } from '../operation/warm-up.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createDecide, type Decide } from './decide.ts';
import { findGuarded } from './guarded-operation.ts';
import type { FindPolicies } from './policies.ts';
import { refuseOperation } from './refuse-operation.ts';
import { createVisibleSchemas } from './visible-schema.ts';

export interface AccessRequest {
  readonly supergraph: Supergraph;
  readonly prepared: Prepared;
  readonly operation: OperationDefinitionNode;
  readonly coercedVariables: Json;
  /** `undefined` for an anonymous caller. */
  readonly identity: Identity | undefined;
  /** Of the client's request; lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * Decides what a caller may have of an operation; `undefined` when nothing of it is guarded. At once, unless a policy module takes time.
 *
 * @throws {GatewayError} `POLICIES_UNAVAILABLE`, or `UNAUTHORIZED_FIELD_OR_TYPE` where operations are refused whole; also as a rejection
 */
export type Authorize = (request: AccessRequest) => AccessDecision | undefined | Promise<AccessDecision>;

/** Decides, and decides again on another supergraph. */
export interface Authorizer {
  readonly authorize: Authorize;
  readonly decideAgain: DecideAgain;
}

export type AuthorizerOptions = Pick<AuthorizationConfig, 'unauthorized' | 'introspection'> & {
  readonly findPolicies: FindPolicies;
};

/** What is known of an operation of which something is guarded. */
interface Known {
  readonly decide: Decide;
  readonly policies: readonly string[];
}

/** Makes the functions that decide. What is guarded of an operation is found once. */
export function createAuthorizer({ findPolicies, unauthorized, introspection }: AuthorizerOptions): Authorizer {
  const operations = new WeakMap<OperationDefinitionNode, Known | 'open'>();
  const toVisible = createVisibleSchemas();

  function knownOf({ supergraph, prepared: { fragments }, operation }: Parameters<DecideAgain>[0]): Known | 'open' {
    // On the way of every request: most graphs guard nothing, and of others it is known of which operations they do.
    if (supergraph.planner.accessRules.size === 0) return 'open';
    let known = operations.get(operation);
    if (known === undefined) {
      const guarded = findGuarded(supergraph, { operation, fragments, opensIntrospection: introspection === 'all' });
      const { rules, guardsIntrospection } = guarded;
      known =
        rules.length === 0
          ? 'open'
          : {
              policies: policiesIn(rules),
              decide: createDecide(guarded, guardsIntrospection ? (unmet) => toVisible(supergraph, unmet) : undefined),
            };
      operations.set(operation, known);
    }
    return known;
  }

  function decide({ decide: decideBy }: Known, request: AccessRequest, holding: ReadonlySet<string>): AccessDecision {
    const { prepared, operation, coercedVariables, identity } = request;
    const decision = decideBy(({ directive, anyOf }) => {
      if (directive === 'authenticated') return identity !== undefined;
      const held = directive === 'policy' ? holding : (identity?.scopes ?? NONE);
      return anyOf.some((names) => names.every((name) => held.has(name)));
    });
    if (unauthorized === 'refuse' && decision.refused.size > 0)
      refuseOperation({ operation, fragments: prepared.fragments, coercedVariables }, decision);
    return decision;
  }

  return {
    authorize: (request) => {
      const known = knownOf(request);
      if (known === 'open') return undefined;
      const { policies } = known;
      if (policies.length === 0) return decide(known, request, NONE);
      const { identity, headers } = request;
      const holding = findPolicies({ policies, identity, headers });
      return holding instanceof Promise
        ? holding.then((found) => decide(known, request, found))
        : decide(known, request, holding);
    },
    decideAgain: (asked, previous) => {
      const known = knownOf(asked);
      if (known === 'open') return undefined;
      const unmet = new Set(previous?.unmet.map((rule) => JSON.stringify(rule)));
      return known.decide((rule) => !unmet.has(JSON.stringify(rule)));
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

function policiesIn(rules: readonly AccessRule[]): readonly string[] {
  const named = rules.filter(({ directive }) => directive === 'policy').flatMap(({ anyOf }) => anyOf.flat());
  return [...new Set(named)].sort();
}
