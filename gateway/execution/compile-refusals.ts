import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { ErrorCode } from '../errors.ts';
import type { AccessDecision } from './access-decision.ts';
import { type CollectContext, collectFields } from './collect-fields.ts';
import { locationsOf } from './locations.ts';
import { isObject, type Json, readOwn } from './own.ts';

/** Refusals that are told of one answer: those of a long list would be longer than its data. */
export const MOST_REFUSALS = 1_000;

export const REFUSED = 'UNAUTHORIZED_FIELD_OR_TYPE' satisfies ErrorCode;

/**
 * Finds the errors of an answer in which null stands for what its caller may not have, each as JSON: of the data of an answer that has been
 * written by the fast way (`compile-writer.ts`). Only what leads to something refused is looked at, and what the errors of one field have in
 * common is text already.
 */
export type FindRefusals = (root: Json) => readonly string[];

export interface RefusalsContext extends CollectContext {
  /** The key that a field has in the data; in the answer it has the client's. */
  readonly keyOf: (field: FieldNode) => string;
  readonly refused: AccessDecision['refused'];
}

/** @param path as JSON, without brackets */
type Walk = (value: unknown, path: string, found: string[]) => void;

/** @returns `undefined` when nothing is refused */
export function compileRefusals(
  context: RefusalsContext,
  rootType: GraphQLObjectType,
  selectionSet: SelectionSetNode,
): FindRefusals | undefined {
  if (context.refused.size === 0) return undefined;
  const walk = compileObject(context, rootType, [selectionSet]);
  return (root) => {
    const found: string[] = [];
    walk?.(root, '', found);
    return found;
  };
}

/** @returns `undefined` where nothing is refused below */
function compileObject(
  context: RefusalsContext,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): Walk | undefined {
  const steps = [...collectFields(context, type, selectionSets)].flatMap(
    ([responseKey, nodes]) => compileField(context, type, responseKey, nodes) ?? [],
  );
  if (steps.length === 0) return undefined;
  return (object, path, found) => {
    for (const step of steps) if (found.length < MOST_REFUSALS) step(object, path, found);
  };
}

function compileField(
  context: RefusalsContext,
  type: GraphQLObjectType,
  responseKey: string,
  nodes: readonly FieldNode[],
): Walk | undefined {
  const [node] = nodes;
  if (node === undefined) return undefined;
  const definition = type.getFields()[node.name.value];
  // A meta-field is never refused.
  if (definition === undefined) return undefined;
  const name = JSON.stringify(responseKey);
  // What is asked for at several places of the operation is refused when it is at one.
  const message = nodes.map((each) => context.refused.get(each)).find((told) => told !== undefined);
  if (message !== undefined) {
    const locations = JSON.stringify(locationsOf(nodes));
    const [before, after] = [
      `{"message":${JSON.stringify(message)},"path":[`,
      `],"locations":${locations},"extensions":{"code":"${REFUSED}"}}`,
    ];
    return (_, path, found) => void found.push(before + below(path, name) + after);
  }
  const key = context.keyOf(node);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const walk = compileValue(context, definition.type, sets);
  return walk && ((object, path, found) => walk(readOwn(object as Json, key), below(path, name), found));
}

function below(path: string, part: string | number): string {
  return path === '' ? `${part}` : `${path},${part}`;
}

function compileValue(
  context: RefusalsContext,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
): Walk | undefined {
  if (isNonNullType(type)) return compileValue(context, type.ofType, selectionSets);
  if (isListType(type)) {
    const walk = compileValue(context, type.ofType, selectionSets);
    return walk && ((value, path, found) => walkItems(walk, value, path, found));
  }
  if (isAbstractType(type)) return compileAbstract(context, type, selectionSets);
  const walk = isObjectType(type) ? compileObject(context, type, selectionSets) : undefined;
  return walk && ((value, path, found) => (isObject(value) ? walk(value, path, found) : undefined));
}

function walkItems(walk: Walk, value: unknown, path: string, found: string[]): void {
  if (!Array.isArray(value)) return;
  for (const [index, item] of value.entries()) {
    if (found.length >= MOST_REFUSALS) return;
    walk(item, below(path, index), found);
  }
}

/** Each type that comes is compiled once. */
function compileAbstract(
  context: RefusalsContext,
  type: GraphQLAbstractType,
  selectionSets: readonly SelectionSetNode[],
): Walk {
  const byType = new Map<unknown, Walk | undefined>();
  return (value, path, found) => {
    if (!isObject(value)) return;
    const { __typename: typename } = value;
    if (!byType.has(typename)) {
      const named = typeof typename === 'string' ? context.apiSchema.getType(typename) : undefined;
      const isFound = isObjectType(named) && context.apiSchema.isSubType(type, named);
      byType.set(typename, isFound ? compileObject(context, named, selectionSets) : undefined);
    }
    byType.get(typename)?.(value, path, found);
  };
}
