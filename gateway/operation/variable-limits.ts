import { isObject, type Json } from '../execution/own.ts';
import { limitError, type OperationLimits } from './limits.ts';

/** The bounds of what a client gives beside the text. */
export type VariableLimits = Pick<OperationLimits, 'maxVariableValues' | 'maxListSize' | 'maxInputDepth'>;

/**
 * Checks how much is in the variables of a request, before anything else looks at them: coercion, keys of caches and texts of
 * calls all go over them again. Counting ends at the bound.
 *
 * @throws {GatewayError} `OPERATION_LIMIT_EXCEEDED`
 */
export function checkVariables(variables: Json, limits: VariableLimits): void {
  const { maxVariableValues, maxListSize, maxInputDepth } = limits;
  let count = 0;

  function check(value: unknown, depth: number): void {
    if (++count > maxVariableValues) throw limitError('maxVariableValues', undefined, maxVariableValues);
    if (typeof value !== 'object' || value === null) return;
    const isList = Array.isArray(value);
    if (!isList && !isObject(value)) return;
    if (depth === maxInputDepth) throw limitError('maxInputDepth', undefined, maxInputDepth);
    if (isList && value.length > maxListSize) throw limitError('maxListSize', value.length, maxListSize);
    for (const inside of isList ? value : Object.values(value)) check(inside, depth + 1);
  }

  for (const name of Object.keys(variables)) check(variables[name], 0);
}
