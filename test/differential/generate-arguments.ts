import type { ArgumentModel } from './model.ts';
import type { Random } from './random.ts';

const TYPES = ['Int', 'String', 'Boolean', 'Color', '[Int!]', 'Filter', 'ID'];

export function randomArguments(random: Random): ArgumentModel[] {
  if (random.chance(0.65)) return [];
  return ['x', 'y'].slice(0, 1 + random.below(2)).map((name) => {
    const type = random.pick(TYPES);
    const defaultValue = random.chance(0.4) ? literal(type, random) : undefined;
    return { name, type: random.chance(0.2) ? `${type}!` : type, defaultValue };
  });
}

/** A value as it stands in a document; never null where the type forbids it. */
export function literal(type: string, random: Random): string {
  if (type.endsWith('!')) return literal(type.slice(0, -1), random);
  switch (type) {
    case 'Int':
      return String(random.below(3));
    case 'String':
      return random.pick(['"a"', '"b \\"c\\""', '""', '"é\\n"']);
    case 'ID':
      return random.pick(['"1"', '2']);
    case 'Boolean':
      return random.pick(['true', 'false']);
    case 'Color':
      return random.pick(['RED', 'GREEN']);
    case '[Int!]':
      return random.pick(['[]', '[1]', '[1, 2]', '3']);
    case 'Filter':
      return random.pick(['{}', '{ least: 2 }', '{ colors: [RED] }', '{ least: null, inner: { colors: BLUE } }']);
    default:
      throw new TypeError(`no literal for ${type}`);
  }
}

/** The arguments of one use of a field: all that must be, and some that may be. */
export function literalArguments(given: readonly ArgumentModel[], random: Random): string {
  const texts = given
    .filter(({ type, defaultValue }) => (type.endsWith('!') && defaultValue === undefined) || random.chance(0.5))
    .map(({ name, type }) => `${name}: ${!type.endsWith('!') && random.chance(0.1) ? 'null' : literal(type, random)}`);
  return texts.length === 0 ? '' : `(${texts.join(', ')})`;
}
