import { GraphQLError, parse } from 'graphql';

/** Why a text is not GraphQL. */
export interface SyntaxProblem {
  readonly message: string;
  /** Counted from 1; none where there is no place to point at. */
  readonly line?: number;
  readonly column?: number;
}

/** Parses a text. @returns what is wrong with it, or nothing; throws never */
export function findSyntaxError(sdl: string): SyntaxProblem | undefined {
  try {
    parse(sdl, { noLocation: true });
    return undefined;
  } catch (error) {
    // The parser calls itself for each level: what is too deep ends its stack.
    if (!(error instanceof GraphQLError)) return { message: 'it is nested too deeply.' };
    return { message: error.message, ...error.locations?.[0] };
  }
}
