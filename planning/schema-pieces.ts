import { setImmediate } from 'node:timers/promises';
import {
  buildASTSchema,
  type DefinitionNode,
  type DirectiveNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isIntrospectionType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  Kind,
  OperationTypeNode,
  parse,
  print,
  printType,
  visit,
} from 'graphql';

/** Parsing this much takes a thread a few milliseconds, also one that has parsed nothing before. */
const PIECE_CHARACTERS = 20_000;

/** Directives that a schema built from SDL understands. All others would only be carried along: they are in the supergraph's SDL. */
const UNDERSTOOD: ReadonlySet<string> = new Set(['deprecated', 'specifiedBy', 'oneOf']);

/** Prints a schema in pieces of whole definitions, so that who reads them can do something else in between. */
export function printInPieces(schema: GraphQLSchema): string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  let length = 0;
  for (const definition of definitionsOf(schema)) {
    piece.push(definition);
    length += definition.length;
    if (length < PIECE_CHARACTERS) continue;
    pieces.push(piece.join('\n\n'));
    piece = [];
    length = 0;
  }
  return piece.length === 0 ? pieces : [...pieces, piece.join('\n\n')];
}

/** Builds a schema from its pieces, which are valid. Between two steps the thread is free for others. */
export async function readInPieces(pieces: readonly string[]): Promise<GraphQLSchema> {
  const definitions: DefinitionNode[] = [];
  for (const piece of pieces) {
    definitions.push(...parse(piece, { noLocation: true }).definitions);
    await setImmediate();
  }
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValid: true, assumeValidSDL: true });
}

function* definitionsOf(schema: GraphQLSchema): Iterable<string> {
  yield printRoots(schema);
  for (const directive of schema.getDirectives()) {
    if (!isSpecifiedDirective(directive) && directive.astNode) yield print(directive.astNode);
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    yield type.astNode ? print(withoutOtherDirectives(type.astNode)) : printType(type);
  }
}

/** Always said, because a type may have the common name of a root and not be one. */
function printRoots(schema: GraphQLSchema): string {
  const roots: [OperationTypeNode, GraphQLObjectType | null | undefined][] = [
    [OperationTypeNode.QUERY, schema.getQueryType()],
    [OperationTypeNode.MUTATION, schema.getMutationType()],
    [OperationTypeNode.SUBSCRIPTION, schema.getSubscriptionType()],
  ];
  return print({
    kind: Kind.SCHEMA_DEFINITION,
    ...(schema.astNode?.description === undefined ? {} : { description: schema.astNode.description }),
    operationTypes: roots.flatMap(([operation, type]) =>
      type
        ? [
            {
              kind: Kind.OPERATION_TYPE_DEFINITION as const,
              operation,
              type: { kind: Kind.NAMED_TYPE as const, name: { kind: Kind.NAME as const, value: type.name } },
            },
          ]
        : [],
    ),
  });
}

function withoutOtherDirectives(definition: DefinitionNode): DefinitionNode {
  return visit(definition, {
    Directive: ({ name }: DirectiveNode) => (UNDERSTOOD.has(name.value) ? undefined : null),
  });
}
