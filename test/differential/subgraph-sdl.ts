import { isKeyField } from './generate-directives.ts';
import { COMMON_SDL, type FieldModel, type InterfaceModel, type Model, type ObjectModel } from './model.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject"
])`;

/** What one subgraph has of a graph. */
export function printSubgraph(model: Model, subgraph: number): string {
  const roots = [...model.roots.values()];
  const types = [...model.types.values()];
  const definitions = [
    ...roots.map((type) => printObject(model, type, subgraph)),
    ...types.map((type) => {
      if (type.kind === 'object') return printObject(model, type, subgraph);
      if (type.kind === 'interface') return printInterface(model, type, subgraph);
      const members = presentMembers(model, type.members, subgraph).map(({ name }) => name);
      return members.length === 0 ? '' : `union ${type.name} = ${members.join(' | ')}`;
    }),
  ];
  return [LINK, COMMON_SDL, ...definitions.filter((definition) => definition !== '')].join('\n');
}

/** The fields that a subgraph declares for an object type, resolved there or not. */
export function declaredFields(type: ObjectModel, subgraph: number): FieldModel[] {
  const home = type.homes.get(subgraph);
  if (home === undefined) return [];
  const keyNames = new Set(home.keys.flatMap(({ fields }) => topNames(fields)));
  return [...type.fields.values()].filter(
    (field) =>
      keyNames.has(field.name) ||
      (field.owners.includes(subgraph) && !field.isOfInterfaceObject) ||
      field.overrides === subgraph ||
      home.external.has(field.name),
  );
}

/** Whether a subgraph has an interface, and which of its fields. */
export function declaredInterfaceFields(model: Model, type: InterfaceModel, subgraph: number): FieldModel[] {
  const members = presentMembers(model, type.members, subgraph);
  const [first] = type.members;
  const any = first === undefined ? undefined : model.types.get(first);
  if (any?.kind !== 'object') return [];
  if (type.object?.subgraph === subgraph) {
    return [...any.fields.values()].filter(
      (field) => field.name === 'id' || (field.isOfInterfaceObject && belongsTo(type, field)),
    );
  }
  if (members.length === 0) return [];
  return ['id', ...type.fields].flatMap((name) => {
    const field = any.fields.get(name);
    const isEverywhere = members.every(
      (member) =>
        !member.homes.get(subgraph)?.external.has(name) &&
        declaredFields(member, subgraph).some((each) => each.name === name),
    );
    return field !== undefined && isEverywhere ? [field] : [];
  });
}

function printObject(model: Model, type: ObjectModel, subgraph: number): string {
  const fields = declaredFields(type, subgraph);
  const home = type.homes.get(subgraph);
  if (home === undefined || fields.length === 0) return '';
  const interfaces = [...model.types.values()].flatMap((each) =>
    each.kind === 'interface' && each.object?.subgraph !== subgraph && each.members.includes(type.name)
      ? [each.name]
      : [],
  );
  const keys = home.keys.map(
    ({ fields: key, isResolvable }) => `@key(fields: "${key}"${isResolvable ? '' : ', resolvable: false'})`,
  );
  const head = `type ${type.name}${interfaces.length === 0 ? '' : ` implements ${interfaces.join(' & ')}`} ${keys.join(' ')}`;
  return `${head} {\n${fields.map((field) => `  ${printField(model, type, field, subgraph)}`).join('\n')}\n}`;
}

function printInterface(model: Model, type: InterfaceModel, subgraph: number): string {
  const fields = declaredInterfaceFields(model, type, subgraph);
  if (fields.length === 0) return '';
  const isObject = type.object?.subgraph === subgraph;
  const key = isObject || type.object?.main === subgraph ? ' @key(fields: "id")' : '';
  const head = isObject ? `type ${type.name} @interfaceObject${key}` : `interface ${type.name}${key}`;
  return `${head} {\n${fields.map((field) => `  ${signature(field, subgraph)}`).join('\n')}\n}`;
}

function printField(model: Model, type: ObjectModel, field: FieldModel, subgraph: number): string {
  const isRoot = model.roots.has(type.name);
  const isValue = type.keys.length === 0 && !isRoot;
  const isExternal = type.homes.get(subgraph)?.external.has(field.name) === true;
  const isShared = isValue || field.owners.length > 1 || field.isProvided;
  const isOwner = field.owners.includes(subgraph);
  const provides = field.provides.get(subgraph);
  return [
    signature(field, isExternal && field.weakIn.size > 0 ? ([...field.weakIn][0] ?? subgraph) : subgraph),
    ...(isExternal ? ['@external'] : []),
    ...(isShared && !isExternal && !isKeyField(type, field) ? ['@shareable'] : []),
    ...(isOwner && field.requires !== undefined ? [`@requires(fields: "${escapeText(field.requires)}")`] : []),
    ...(isOwner && provides !== undefined ? [`@provides(fields: "${provides}")`] : []),
    ...(isOwner && field.overrides !== undefined ? [`@override(from: "s${field.overrides}")`] : []),
    ...(isOwner && field.isInaccessible ? ['@inaccessible'] : []),
  ].join(' ');
}

function signature({ name, type, arguments: given, weakIn }: FieldModel, subgraph: number): string {
  const texts = given.map(
    (each) => `${each.name}: ${each.type}${each.defaultValue === undefined ? '' : ` = ${each.defaultValue}`}`,
  );
  return `${name}${texts.length === 0 ? '' : `(${texts.join(', ')})`}: ${weakIn.has(subgraph) ? type.slice(0, -1) : type}`;
}

function presentMembers(model: Model, members: readonly string[], subgraph: number): ObjectModel[] {
  return members.flatMap((name) => {
    const type = model.types.get(name);
    return type?.kind === 'object' && declaredFields(type, subgraph).length > 0 ? [type] : [];
  });
}

function belongsTo({ name }: InterfaceModel, field: FieldModel): boolean {
  return field.name.startsWith(`${name.toLowerCase()}x`);
}

function topNames(key: string): string[] {
  return key
    .replace(/\{[^}]*\}/g, '')
    .split(' ')
    .filter((name) => name !== '');
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/** Whether a type is a part of this subgraph's schema. */
export function isDeclared(model: Model, name: string, subgraph: number): boolean {
  const type = model.types.get(name);
  if (type === undefined) return false;
  if (type.kind === 'object') return declaredFields(type, subgraph).length > 0;
  if (type.kind === 'interface') return declaredInterfaceFields(model, type, subgraph).length > 0;
  return presentMembers(model, type.members, subgraph).length > 0;
}
