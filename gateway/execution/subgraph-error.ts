import { GatewayError } from '../errors.ts';
import { isObject } from './own.ts';

/** A position in the client's answer. */
export type Path = readonly (string | number)[];

/** An error as it stands in a GraphQL response (specification, 7.1.2 "Errors"), on its way to the client. */
export interface ResponseError {
  readonly message: string;
  readonly path?: Path;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** An error that a subgraph reported, at a path in its own answer. */
export interface ReportedError {
  readonly message: string;
  readonly path: Path | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/**
 * Reads the `errors` of a subgraph's answer. The code is the subgraph's own, or `SUBGRAPH_ERROR`; stack traces, which some
 * servers send outside production, stay here.
 */
export function readReportedErrors(subgraph: string, errors: readonly unknown[]): ReportedError[] {
  return errors.map((error) => {
    const { message, path, extensions } = isObject(error) ? error : {};
    const {
      stacktrace: _,
      exception: __,
      ...shown
    } = isObject(extensions) ? extensions : ({} as Record<string, unknown>);
    return {
      message: typeof message === 'string' ? message : `Subgraph "${subgraph}" reported an error without a message.`,
      path: Array.isArray(path) && path.every(isStep) ? path : undefined,
      extensions: { code: 'SUBGRAPH_ERROR', ...shown, subgraph },
    };
  });
}

/** A fetch that brought nothing, as an error at the place where its data would have been. */
export function toFetchError(subgraph: string, error: unknown, path: Path | undefined): ResponseError {
  if (!(error instanceof GatewayError)) throw error;
  return {
    message: error.message,
    ...(path === undefined || path.length === 0 ? {} : { path }),
    extensions: { ...error.extensions, code: error.code, subgraph },
  };
}

function isStep(step: unknown): step is string | number {
  return typeof step === 'string' || typeof step === 'number';
}
