import type { FetchNode } from '../../planning/plan.ts';
import { type Json, readOwn } from './own.ts';

/** Writes the body of a fetch's call: `{"query":…,"operationName":…,"variables":{…}}`. */
export interface CallText {
  /** @param representations JSON texts */
  write(variables: Json, representations: readonly string[] | undefined): string;
}

/** What never changes is written once. Variables that the client did not send are left to the defaults of the text. */
export function compileCallText({ operation, operationName, variableUsages = [] }: FetchNode): CallText {
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  const start = `{"query":${JSON.stringify(operation)}${name},"variables":{`;
  const labels = variableUsages.map((usage) => ({ usage, label: `${JSON.stringify(usage)}:` }));
  return {
    write: (variables, representations) => {
      const values = labels.flatMap(({ usage, label }) => {
        const value = readOwn(variables, usage);
        return value === undefined ? [] : [label + JSON.stringify(value)];
      });
      if (representations !== undefined) values.push(`"representations":[${representations.join(',')}]`);
      return `${start}${values.join(',')}}}`;
    },
  };
}
