import type { Path } from './subgraph-error.ts';

/**
 * The paths of errors, indexed: a long list whose items all fail has as many errors as nulls, and to compare each with each
 * would take their product.
 */
export interface PathIndex {
  add(path: Path): void;
  /** Whether some path is equal to this one, above it, or below it. */
  touches(path: Path): boolean;
}

interface Node {
  isEnd: boolean;
  readonly below: Map<string | number, Node>;
}

export function createPathIndex(paths: Iterable<Path>): PathIndex {
  const root: Node = { isEnd: false, below: new Map() };

  function add(path: Path): void {
    let node = root;
    for (const step of path) {
      const next = node.below.get(step) ?? { isEnd: false, below: new Map() };
      node.below.set(step, next);
      node = next;
    }
    node.isEnd = true;
  }

  for (const path of paths) add(path);
  return {
    add,
    touches: (path) => {
      let node = root;
      for (const step of path) {
        if (node.isEnd) return true;
        const next = node.below.get(step);
        if (next === undefined) return false;
        node = next;
      }
      return node.isEnd || node.below.size > 0;
    },
  };
}
