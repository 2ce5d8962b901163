import type { DocumentNode } from 'graphql';
import { type Conditions, conditionVariables } from '../../planning/conditions.ts';
import { GatewayError } from '../errors.ts';
import type { Json } from '../execution/own.ts';

const known = new WeakMap<DocumentNode, readonly string[]>();

/**
 * Reads what decides the `@skip`s and `@include`s of a document, by the client's names. Once for a request before anything looks at them: a nullable
 * variable with a default may stand in `@skip(if:)`, and a client that then sends null has decided nothing.
 *
 * @param coercedVariables with their defaults applied
 * @throws {GatewayError} `BAD_USER_INPUT` for one that is null
 */
export function readConditions(document: DocumentNode, coercedVariables: Json): Conditions {
  let names = known.get(document);
  if (names === undefined) {
    names = conditionVariables(document);
    known.set(document, names);
  }
  if (names.length === 0) return NONE;
  return new Map(names.map((name) => [name, readCondition(name, coercedVariables[name])]));
}

const NONE: Conditions = new Map();

function readCondition(name: string, value: unknown): boolean {
  if (value === null)
    throw new GatewayError('BAD_USER_INPUT', `Variable "$${name}" decides a @skip or @include and must not be null.`);
  return value === true;
}
