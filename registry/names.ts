import { isSubgraphName } from '../composition/subgraph-name.ts';
import { RegistryError } from './errors.ts';

/** As rover checks the part of a graph ref before the `@`. */
export const GRAPH_ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
/** Rover lets any text pass; this one can stand in a graph ref, in a URL and in a log. */
const VARIANT_NAME = /^[^\s@\p{C}]{1,63}$/u;

/** @throws {RegistryError} NAME_INVALID */
export function checkGraphId(id: string): void {
  if (GRAPH_ID.test(id)) return;
  throw invalid(`"${shown(id)}" cannot be the id of a graph: a letter, then letters, digits, "_" or "-", 64 at most.`);
}

/** @throws {RegistryError} NAME_INVALID */
export function checkVariantName(name: string): void {
  if (VARIANT_NAME.test(name)) return;
  throw invalid(`"${shown(name)}" cannot be the name of a variant: 1 to 63 characters, without spaces and "@".`);
}

/** @throws {RegistryError} NAME_INVALID */
export function checkSubgraphName(name: string): void {
  if (isSubgraphName(name)) return;
  throw invalid(
    `"${shown(name)}" cannot be the name of a subgraph: a letter, then letters, digits, "_" or "-", 64 at most.`,
  );
}

/** @param what as the message begins: "The reason of an override" @throws {RegistryError} BAD_REQUEST */
export function checkLength(what: string, text: string, most: number): void {
  if (text.length <= most) return;
  throw new RegistryError('BAD_REQUEST', `${what} has ${text.length} characters; the registry takes ${most} at most.`);
}

const invalid = (message: string) => new RegistryError('NAME_INVALID', message);
const shown = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
