import { type FieldNode, getLocation, type SourceLocation } from 'graphql';

/** Where the nodes of a field stand in the client's text (specification, 7.1.6 "Errors"). */
export function locationsOf(nodes: readonly FieldNode[]): readonly SourceLocation[] {
  return nodes.flatMap(locationOf);
}

/** Finding a place reads the text up to there, and one field of a long list has a thousand errors. */
const known = new WeakMap<FieldNode, readonly SourceLocation[]>();

function locationOf(node: FieldNode): readonly SourceLocation[] {
  const { loc } = node;
  let found = known.get(node);
  if (found === undefined) {
    found = loc === undefined ? [] : [getLocation(loc.source, loc.start)];
    known.set(node, found);
  }
  return found;
}
