import { setImmediate } from 'node:timers/promises';
import {
  type DefinitionNode,
  type DirectiveNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  OperationTypeNode,
  parse,
  print,
  printType,
  specifiedDirectives,
  visit,
} from 'graphql';
// Not of the public interface, and there is no other way to the types before the schema: graphql is pinned to one version.
import { extendSchemaImpl } from 'graphql/utilities/extendSchema.js';

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

/** How long building goes on before others have the thread, in milliseconds. */
const TURN_MS = 5;

/**
 * Builds a schema from its pieces, which are valid. Between two steps the thread is free for others: `buildASTSchema` would
 * keep it for a tenth of a second where there are two thousand types, because that resolves all their fields at once.
 */
export async function readInPieces(pieces: readonly string[]): Promise<GraphQLSchema> {
  const definitions: DefinitionNode[] = [];
  for (const piece of pieces) {
    definitions.push(...parse(piece, { noLocation: true }).definitions);
    await setImmediate();
  }
  const config = extendSchemaImpl(
    EMPTY,
    { kind: Kind.DOCUMENT, definitions },
    { assumeValid: true, assumeValidSDL: true },
  );
  let began = performance.now();
  for (const type of config.types) {
    resolveFields(type);
    if (performance.now() - began < TURN_MS) continue;
    await setImmediate();
    began = performance.now();
  }
  const own = new Set(config.directives.map(({ name }) => name));
  return new GraphQLSchema({
    ...config,
    directives: [...config.directives, ...specifiedDirectives.filter(({ name }) => !own.has(name))],
  });
}

const EMPTY = {
  description: undefined,
  types: [],
  directives: [],
  extensions: {},
  extensionASTNodes: [],
  assumeValid: true,
};

/** What a type has is a function until somebody asks. */
function resolveFields(type: GraphQLNamedType): void {
  if (isObjectType(type) || isInterfaceType(type)) {
    type.getFields();
    type.getInterfaces();
  } else if (isInputObjectType(type)) {
    type.getFields();
  } else if (isUnionType(type)) {
    type.getTypes();
  }
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
