import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

/** What a request of rover or of an operator never comes to. Each is counted with fragments spread. */
export const REQUEST_BOUNDS = {
  /** Lexical tokens in the text. The longest of rover's documents has some 500. */
  tokens: 2_000,
  /** Fields within fields. Introspection has some 15. */
  depth: 25,
  fields: 1_000,
  /** By another name one field is done once more: without a bound one request starts hundreds of compositions. */
  aliases: 10,
} as const;

type Size = Record<Exclude<keyof typeof REQUEST_BOUNDS, 'tokens'>, number>;

/** A rule of validation: a request keeps within {@link REQUEST_BOUNDS}. Each fragment is measured once, however often it is spread. */
export function RequestBoundsRule(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, Size>();

  function measure({ selections }: SelectionSetNode): Size {
    const size = { depth: 0, fields: 0, aliases: 0 };
    const add = (part: Size) => {
      size.depth = Math.max(size.depth, part.depth);
      size.fields += part.fields;
      size.aliases += part.aliases;
    };
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) add(measureFragment(selection.name.value));
      else if (selection.kind === Kind.INLINE_FRAGMENT) add(measure(selection.selectionSet));
      else {
        const inner = selection.selectionSet === undefined ? NOTHING : measure(selection.selectionSet);
        const aliases = inner.aliases + (selection.alias === undefined ? 0 : 1);
        add({ depth: inner.depth + 1, fields: inner.fields + 1, aliases });
      }
    }
    return size;
  }

  function measureFragment(name: string): Size {
    const known = fragments.get(name);
    if (known !== undefined) return known;
    const fragment = context.getFragment(name);
    // One that is spread within itself is nothing here: another rule refuses it.
    fragments.set(name, NOTHING);
    const size = fragment ? measure(fragment.selectionSet) : NOTHING;
    fragments.set(name, size);
    return size;
  }

  return {
    OperationDefinition(node) {
      const size = measure(node.selectionSet);
      for (const [name, value] of Object.entries(size)) {
        const most = REQUEST_BOUNDS[name as keyof Size];
        if (value <= most) continue;
        const message = `The request comes to ${value} ${NAMES[name as keyof Size]}; the registry takes ${most} at most.`;
        context.reportError(new GraphQLError(message, { nodes: node }));
      }
    },
  };
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0 };
const NAMES: Readonly<Record<keyof Size, string>> = {
  depth: 'levels of fields',
  fields: 'fields',
  aliases: 'aliases',
};
