import {
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { type Change, deprecationChange, describeChange, toChange } from './change.ts';
import { ARGUMENTS, INPUT_FIELDS, inputChanges } from './input-changes.ts';
import { matchByName } from './match-by-name.ts';
import { isSafeOutput } from './type-safety.ts';

/** What differs in a type that is in both schemas. */
export function typeChanges(before: GraphQLNamedType, after: GraphQLNamedType): Change[] {
  const { name } = after;
  const changes = describeChange('TYPE_DESCRIPTION_CHANGE', name, `type \`${name}\``, before, after);
  if (isObjectType(before) && isObjectType(after)) return [...changes, ...fieldsChanges(before, after)];
  if (isInterfaceType(before) && isInterfaceType(after)) return [...changes, ...fieldsChanges(before, after)];
  if (isUnionType(before) && isUnionType(after)) return [...changes, ...unionChanges(before, after)];
  if (isEnumType(before) && isEnumType(after)) return [...changes, ...enumChanges(before, after)];
  if (isInputObjectType(before) && isInputObjectType(after)) return [...changes, ...inputObjectChanges(before, after)];
  if (isScalarType(before) && isScalarType(after)) return [...changes, ...scalarChanges(before, after)];
  const [from, to] = [kindOf(before), kindOf(after)];
  return [...changes, toChange('TYPE_CHANGED_KIND', name, `type \`${name}\` changed from ${from} to ${to}`, true)];
}

function kindOf(type: GraphQLNamedType): string {
  if (isObjectType(type)) return 'an object type';
  if (isInterfaceType(type)) return 'an interface';
  if (isUnionType(type)) return 'a union';
  if (isEnumType(type)) return 'an enum';
  return isInputObjectType(type) ? 'an input object' : 'a scalar';
}

type Fielded = GraphQLObjectType | GraphQLInterfaceType;

function fieldsChanges(before: Fielded, after: Fielded): Change[] {
  const { name } = after;
  const interfaces = matchByName(before.getInterfaces(), after.getInterfaces());
  const fields = matchByName(Object.values(before.getFields()), Object.values(after.getFields()));
  return [
    ...interfaces.removed.map((removed) =>
      toChange(
        'TYPE_REMOVED_FROM_INTERFACE',
        `${name}.${removed.name}`,
        `type \`${name}\` no longer implements \`${removed.name}\``,
        true,
      ),
    ),
    ...interfaces.added.map((added) =>
      toChange('TYPE_ADDED_TO_INTERFACE', `${name}.${added.name}`, `type \`${name}\` implements \`${added.name}\``),
    ),
    ...fields.removed.map((field) =>
      toChange('FIELD_REMOVED', `${name}.${field.name}`, `type \`${name}\`: field \`${field.name}\` removed`, true),
    ),
    ...fields.added.map((field) =>
      toChange('FIELD_ADDED', `${name}.${field.name}`, `type \`${name}\`: field \`${field.name}\` added`),
    ),
    ...fields.kept.flatMap((pair) => fieldChanges(name, pair.before, pair.after)),
  ];
}

function fieldChanges(type: string, before: GraphQLField<unknown, unknown>, after: typeof before): Change[] {
  const coordinate = `${type}.${after.name}`;
  const subject = `type \`${type}\`: field \`${after.name}\``;
  const changes: Change[] = [];
  if (String(before.type) !== String(after.type)) {
    const what = `${subject} changed type from \`${before.type}\` to \`${after.type}\``;
    changes.push(toChange('FIELD_CHANGED_TYPE', coordinate, what, !isSafeOutput(before.type, after.type)));
  }
  const toCoordinate = (argument: string) => `${coordinate}(${argument}:)`;
  return [
    ...changes,
    ...inputChanges(ARGUMENTS, `${subject}: argument`, toCoordinate, before.args, after.args),
    ...deprecationChange('FIELD', coordinate, subject, before, after),
    ...describeChange('FIELD_DESCRIPTION_CHANGE', coordinate, subject, before, after),
  ];
}

function unionChanges(before: GraphQLUnionType, after: GraphQLUnionType): Change[] {
  const { name } = after;
  const { added, removed } = matchByName(before.getTypes(), after.getTypes());
  return [
    ...removed.map((member) =>
      toChange(
        'TYPE_REMOVED_FROM_UNION',
        `${name}.${member.name}`,
        `union \`${name}\`: member \`${member.name}\` removed`,
        true,
      ),
    ),
    ...added.map((member) =>
      toChange('TYPE_ADDED_TO_UNION', `${name}.${member.name}`, `union \`${name}\`: member \`${member.name}\` added`),
    ),
  ];
}

function enumChanges(before: GraphQLEnumType, after: GraphQLEnumType): Change[] {
  const { added, removed, kept } = matchByName(before.getValues(), after.getValues());
  const coordinate = (value: string) => `${after.name}.${value}`;
  const subject = (value: string) => `enum \`${after.name}\`: value \`${value}\``;
  return [
    ...removed.map(({ name }) =>
      toChange('VALUE_REMOVED_FROM_ENUM', coordinate(name), `${subject(name)} removed`, true),
    ),
    ...added.map(({ name }) => toChange('VALUE_ADDED_TO_ENUM', coordinate(name), `${subject(name)} added`)),
    ...kept.flatMap((pair) => [
      ...deprecationChange('ENUM', coordinate(pair.after.name), subject(pair.after.name), pair.before, pair.after),
      ...describeChange(
        'ENUM_VALUE_DESCRIPTION_CHANGE',
        coordinate(pair.after.name),
        subject(pair.after.name),
        pair.before,
        pair.after,
      ),
    ]),
  ];
}

function inputObjectChanges(before: GraphQLInputObjectType, after: GraphQLInputObjectType): Change[] {
  const { name } = after;
  const what = after.isOneOf ? `input \`${name}\` takes exactly one field` : `input \`${name}\` takes several fields`;
  return [
    ...(before.isOneOf === after.isOneOf ? [] : [toChange('INPUT_OBJECT_ONE_OF_CHANGE', name, what, after.isOneOf)]),
    ...inputChanges(
      INPUT_FIELDS,
      `input \`${name}\`: field`,
      (field) => `${name}.${field}`,
      Object.values(before.getFields()),
      Object.values(after.getFields()),
    ),
  ];
}

function scalarChanges(before: GraphQLScalarType, after: GraphQLScalarType): Change[] {
  const { name, specifiedByURL: url } = after;
  if ((before.specifiedByURL ?? null) === (url ?? null)) return [];
  const what = `scalar \`${name}\` is ${url == null ? 'no longer specified by a URL' : `specified by ${url}`}`;
  return [toChange('SCALAR_SPECIFIED_BY_CHANGE', name, what)];
}
