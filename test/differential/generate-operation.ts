import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { literal } from './generate-arguments.ts';
import type { Random } from './random.ts';

/** An operation as a client sends it. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What is collected while the text is written. */
interface Draft {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly variables: Map<string, { readonly type: string; readonly sdl: string; readonly value: unknown }>;
  /** By name; the text is empty until it is finished. */
  readonly fragments: Map<string, { readonly on: string; readonly text: string }>;
  /** Names that fields have: aliases from among them collide with what the planner adds. */
  readonly names: readonly string[];
}

/** An operation that is valid for the schema. Many drafts are not: their keys conflict. */
export function generateOperation(schema: GraphQLSchema, random: Random): Operation {
  for (;;) {
    const operation = draft(schema, random);
    if (validate(schema, parse(operation.query), specifiedRules).length === 0) return operation;
  }
}

function draft(schema: GraphQLSchema, random: Random): Operation {
  const mutation = schema.getMutationType();
  const root = mutation && random.chance(0.2) ? mutation : schema.getQueryType();
  if (!root) throw new TypeError('the schema has no query type');
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__') ? Object.keys(type.getFields()) : [],
  );
  const draft: Draft = {
    schema,
    random,
    variables: new Map(),
    fragments: new Map(),
    names: [...names, '__typename', 'x'],
  };
  const selections = selectionSet(draft, root, 1 + random.below(4));
  const variables = [...draft.variables].map(([name, { sdl }]) => `$${name}: ${sdl}`);
  const head = `${root === mutation ? 'mutation' : 'query'} Q${variables.length === 0 ? '' : `(${variables.join(', ')})`}`;
  const given = [...draft.variables].flatMap(([name, { value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    query: [`${head} ${selections}`, ...[...draft.fragments.values()].map(({ text }) => text)].join('\n'),
    variables: Object.fromEntries(given),
  };
}

function selectionSet(draft: Draft, parent: GraphQLCompositeType, depth: number): string {
  const { random, schema, names } = draft;
  const isRoot = parent === schema.getQueryType() || parent === schema.getMutationType();
  const selections: string[] = [];
  const fields = isObjectType(parent) || isInterfaceType(parent) ? Object.values(parent.getFields()) : [];
  for (let count = fields.length === 0 ? 0 : 1 + random.below(4); count > 0; count--) {
    const field = random.pick(fields);
    const type = getNamedType(field.type);
    if (!isLeafType(type) && depth === 0) continue;
    const alias = random.chance(0.3) ? `${random.pick(names)}: ` : '';
    const below = isLeafType(type) ? '' : ` ${selectionSet(draft, type, depth - 1)}`;
    const condition = isRoot ? '' : conditions(draft);
    const text = `${alias}${field.name}${argumentsOf(draft, field)}${condition}${below}`;
    selections.push(text);
    if (random.chance(0.05)) selections.push(text);
  }
  if (random.chance(0.2)) selections.push(random.chance(0.5) ? '__typename' : `${random.pick(names)}: __typename`);
  const most = isAbstractType(parent) ? 3 : random.chance(0.25) ? 1 : 0;
  for (let count = depth === 0 || isRoot ? 0 : random.below(most + 1); count > 0; count--) {
    selections.push(fragment(draft, parent, depth - 1));
  }
  return `{ ${selections.length === 0 ? '__typename' : selections.join(' ')} }`;
}

function fragment(draft: Draft, parent: GraphQLCompositeType, depth: number): string {
  const { random } = draft;
  if (random.chance(0.1)) return `...${conditions(draft)} ${selectionSet(draft, parent, depth)}`;
  const on = random.pick(conditionsFor(draft.schema, parent));
  if (random.chance(0.7)) return `... on ${on.name}${conditions(draft)} ${selectionSet(draft, on, depth)}`;
  // The planner takes over a fragment that is spread more than once.
  const known = [...draft.fragments].filter(([, each]) => each.on === on.name && each.text !== '');
  if (known.length > 0 && random.chance(0.6)) return `...${random.pick(known)[0]}${conditions(draft)}`;
  const name = `F${draft.fragments.size}`;
  draft.fragments.set(name, { on: on.name, text: '' });
  const text = `fragment ${name} on ${on.name} ${selectionSet(draft, on, depth)}`;
  draft.fragments.set(name, { on: on.name, text });
  return `...${name}${conditions(draft)}`;
}

function conditionsFor(schema: GraphQLSchema, parent: GraphQLCompositeType): readonly GraphQLCompositeType[] {
  const objects = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
  const interfaces = objects.flatMap((type) => (isObjectType(type) ? type.getInterfaces() : []));
  return [...new Set([parent, ...objects, ...interfaces])];
}

function conditions(draft: Draft): string {
  const { random } = draft;
  if (!random.chance(0.12)) return '';
  const name = random.pick(['skip', 'include']);
  const value = random.chance(0.3) ? random.pick(['true', 'false']) : variable(draft, 'Boolean!');
  return ` @${name}(if: ${value})`;
}

function argumentsOf(draft: Draft, { args }: GraphQLField<unknown, unknown>): string {
  const given = args.filter((argument: GraphQLArgument) => isRequiredArgument(argument) || draft.random.chance(0.4));
  const texts = given.map(({ name, type }) => `${name}: ${argumentValue(draft, String(type))}`);
  return texts.length === 0 ? '' : `(${texts.join(', ')})`;
}

function argumentValue(draft: Draft, type: string): string {
  const { random } = draft;
  if (random.chance(0.4)) return variable(draft, type);
  return !type.endsWith('!') && random.chance(0.1) ? 'null' : literal(type, random);
}

/** A variable that may be used again, with or without a default, given or not. */
function variable({ random, variables }: Draft, type: string): string {
  const known = [...variables].filter(([, each]) => each.type === type).map(([name]) => name);
  if (known.length > 0 && random.chance(0.5)) return `$${random.pick(known)}`;
  const name = random.chance(0.05) && !variables.has('representations') ? 'representations' : `v${variables.size}`;
  const hasDefault = random.chance(0.25);
  const isRequired = type.endsWith('!') && !hasDefault;
  const isGiven = isRequired || random.chance(0.7);
  const value = !isGiven ? undefined : !type.endsWith('!') && random.chance(0.15) ? null : randomValue(type, random);
  variables.set(name, { type, sdl: `${type}${hasDefault ? ` = ${literal(type, random)}` : ''}`, value });
  return `$${name}`;
}

function randomValue(type: string, random: Random): unknown {
  switch (type.replace('!', '')) {
    case 'Int':
      return random.below(3);
    case 'Boolean':
      return random.chance(0.5);
    case 'Color':
      return random.pick(['RED', 'BLUE']);
    case 'Filter':
      return random.pick<unknown>([{}, { least: 2, colors: 'RED' }, { inner: { colors: [] } }]);
    default:
      return type.startsWith('[') ? random.pick<unknown>([[], [1, 2], 3]) : random.pick(['a', 'é"\n', '1']);
  }
}
