import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
} from 'graphql';

/** Numbers from 0 to 1, the same for the same seed: a failure can be had again. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // A linear congruential generator with the constants of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A query that is valid for the schema: fields of any type under any alias, fragments on whatever may apply. */
export function randomQuery(schema: GraphQLSchema, random: () => number): string {
  const query = schema.getQueryType();
  if (!query) throw new TypeError('the schema has no query type');
  for (;;) {
    const text = selectionSet(schema, query, 4, random);
    // Many have keys that conflict: those say nothing.
    if (validate(schema, parse(text), specifiedRules).length === 0) return text;
  }
}

/** The same query with other names for everything it answers: each key with an underscore behind it. */
export function renameKeys(query: string): string {
  const renamed = visit(parse(query), {
    Field: (node) => ({ ...node, alias: { kind: node.name.kind, value: `${(node.alias ?? node.name).value}_` } }),
  });
  return print(renamed);
}

/** Takes back from an answer what `renameKeys` put into its query. */
export function restoreKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restoreKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key.endsWith('_') ? [key.slice(0, -1), restoreKeys(inner)] : [key, inner],
    ),
  );
}

/** Names that the subgraphs of the tests use themselves, so that they collide. */
const ALIASES = ['id', 'name', 'title', 'price', 'weight', 'locale', 'sku', 'other', 'kind'];

function selectionSet(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  depth: number,
  random: () => number,
): string {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const selections = random() < 0.2 ? ['kind: __typename'] : [];
  const fields = isObjectType(parent) || isInterfaceType(parent) ? Object.values(parent.getFields()) : [];
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    const field = pick(fields);
    if (field === undefined) continue;
    const type = getNamedType(field.type);
    if (!isLeafType(type) && depth === 0) continue;
    const alias = random() < 0.3 ? `${pick(ALIASES)}: ` : '';
    const below = isLeafType(type) ? '' : ` ${selectionSet(schema, type, depth - 1, random)}`;
    selections.push(`${alias}${field.name}${argumentsOf(field, random)}${below}`);
  }
  for (let count = depth === 0 ? 0 : Math.floor(random() * (isAbstractType(parent) ? 4 : 1.2)); count > 0; count--) {
    const condition = pick(conditionsFor(schema, parent));
    if (condition !== undefined) {
      selections.push(`... on ${condition.name} ${selectionSet(schema, condition, depth - 1, random)}`);
    }
  }
  return `{ ${selections.length === 0 ? '__typename' : selections.join(' ')} }`;
}

function conditionsFor(schema: GraphQLSchema, parent: GraphQLCompositeType): readonly GraphQLCompositeType[] {
  if (isAbstractType(parent)) return [parent, ...schema.getPossibleTypes(parent)];
  return isObjectType(parent) ? [parent, ...parent.getInterfaces()] : [];
}

function argumentsOf({ args }: GraphQLField<unknown, unknown>, random: () => number): string {
  const given = args.filter((argument: GraphQLArgument) => isRequiredArgument(argument) || random() < 0.3);
  const texts = given.map(({ name, type }) => `${name}: ${literal(type, random)}`);
  return texts.length === 0 ? '' : `(${texts.join(', ')})`;
}

function literal(type: GraphQLInputType, random: () => number): string {
  if (isNonNullType(type)) return literal(type.ofType, random);
  if (isListType(type)) return `[${literal(type.ofType, random)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${fields.map((field) => `${field.name}: ${literal(field.type, random)}`).join(', ')} }`;
  }
  const one = random() < 0.5;
  if (type.name === 'Boolean') return one ? 'true' : 'false';
  if (type.name === 'Int' || type.name === 'Float') return one ? '1' : '2';
  return one ? '"1"' : '"2"';
}
