const SUBGRAPH_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Stricter than composition: such a name can stand in a URL, in a file name and in a command line. */
export function isSubgraphName(name: string): boolean {
  return SUBGRAPH_NAME.test(name);
}
