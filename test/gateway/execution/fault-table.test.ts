import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultyGraph, LEAVES, startFaultyGraph } from './fault-table-graph.ts';
import { difference, interpret, interpretationOf } from './fault-table-oracle.ts';

/**
 * Wrong values of a subgraph, each in every position: the gateway answers what graphql-js would with the same values. Data,
 * and the paths, locations and messages of errors are compared; see MISLEADING in fault-table-oracle.ts for other messages.
 */

/** JSON texts; the empty one is a key that is not there. (Numbers that a double cannot hold: fault-table-numbers.test.ts.) */
const VALUES = [
  ...['', 'null', '1', '-0', '1.0', '1.5', '1E2', '2147483647', '2147483648', '-2147483649', '1e21', 'true', 'false'],
  ...['""', '"1"', '"1.5"', '"abc"', '"NaN"', '"Infinity"', '"true"', '"RED"', '"red"', '"SECRET"', '"constructor"'],
  ...['"__proto__"', '{}', '{"a":1}', '{"__proto__":{"valueOf":1}}', '{"valueOf":1,"toString":2,"toJSON":3}'],
  ...[
    '{"length":1,"0":1}',
    '{"\\ud800":"\\udc00","\\u0000":1,"\\u2028":2}',
    '[]',
    '[null]',
    '[1]',
    '["RED"]',
    '[[1]]',
    '[{}]',
  ],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000\\u0007\\u001f"', '"\\u2028\\u2029"', '"\ud83d\ude00"', '"</script>"'],
];

/** A value of each leaf type that is as it should be: it stands beside the wrong one in lists. */
const SOUND: Record<string, string> = {
  int: '7',
  float: '7.5',
  boolean: 'true',
  ident: '"7"',
  string: '"seven"',
  colour: '"RED"',
  any: '{"seven":7}',
};

/** How a field wraps its type, and where in its value the faulty one stands. */
const WRAPPINGS: readonly { readonly suffix: string; readonly wrap: (value: string, sound: string) => string }[] = [
  { suffix: '', wrap: (value) => value },
  { suffix: 'Sure', wrap: (value) => value },
  { suffix: 'List', wrap: (value) => value },
  { suffix: 'List', wrap: (value, sound) => `[${sound},${value || 'null'},${sound}]` },
  { suffix: 'SureList', wrap: (value, sound) => `[${value || 'null'},${sound}]` },
  { suffix: 'Matrix', wrap: (value, sound) => `[[${sound}],${value || 'null'}]` },
  { suffix: 'Matrix', wrap: (value, sound) => `[[${sound}],[${sound},${value || 'null'}]]` },
];

/** A field with the faulty value, and another value of it that is sound. */
interface Faulty {
  readonly field: string;
  readonly value: string;
  readonly sound: string;
}

/** An operation, its data as a whole (for graphql-js), and what each subgraph says of it. */
interface Case {
  readonly query: string;
  readonly whole: string;
  readonly near: string;
  readonly far?: string;
}

interface Position {
  readonly name: string;
  /** One case for all wrappings where they cannot touch one another, else one for each. */
  readonly cases: (all: readonly Faulty[]) => readonly Case[];
}

const object = (field: string, value: string) => (value === '' ? '{}' : `{"${field}":${value}}`);
const thing = (id: number, more = '{}') =>
  `{"__typename":"Thing","id":"${id}"${more === '{}' ? '' : `,${more.slice(1, -1)}`}}`;
const farName = (field: string) => `far${field[0]?.toUpperCase()}${field.slice(1)}`;

type Cases = Position['cases'];

/** Each wrapping below an object of its own. */
function apart(root: string, below: (faulty: Faulty) => { readonly query: string; readonly data: string }): Cases {
  return (all) => {
    const parts = all.map(below);
    const whole = `{${parts.map(({ data }, index) => `"at${index}":${data}`).join()}}`;
    const query = `{ ${parts.map(({ query }, index) => `at${index}: ${root} ${query}`).join(' ')} }`;
    return [{ query, whole, near: whole }];
  };
}

/** All wrappings in one object, but each that may not be null in one of its own. */
function beside(prefix: string, toCase: (fields: string, data: string) => Case): Cases {
  return (all) => {
    const groups = [
      all.filter(({ field }) => !field.includes('Sure')),
      ...all.filter(({ field }) => field.includes('Sure')).map((one) => [one]),
    ];
    return groups.map((group) => {
      const named = group.map((faulty, index) => ({
        ...faulty,
        name: prefix === '' ? faulty.field : farName(faulty.field),
        alias: `at${index}`,
      }));
      const members = named.flatMap(({ alias, value }) => (value === '' ? [] : [`"${alias}":${value}`]));
      return toCase(named.map(({ alias, name }) => `${alias}: ${name}`).join(' '), `{${members}}`);
    });
  };
}

const POSITIONS: readonly Position[] = [
  { name: 'at the root', cases: beside('', (fields, data) => ({ query: `{ ${fields} }`, whole: data, near: data })) },
  {
    name: 'in an object',
    cases: apart('thing', ({ field, value }) => ({ query: `{ ${field} }`, data: object(field, value) })),
  },
  {
    name: 'in an object that may not be null',
    cases: apart('thing', ({ field, value }) => ({
      query: `{ child { childSure { ${field} } } }`,
      data: `{"child":{"childSure":${object(field, value)}}}`,
    })),
  },
  {
    name: 'in an object of a list',
    cases: apart('thingList', ({ field, value, sound }) => ({
      query: `{ ${field} }`,
      data: `[${object(field, sound)},${object(field, value)}]`,
    })),
  },
  {
    name: 'in an entity',
    cases: beside('far', (fields, data) => ({
      query: `{ thing { id ${fields} } }`,
      whole: `{"thing":${thing(1, data)}}`,
      near: `{"thing":${thing(1)}}`,
      far: `[${data}]`,
    })),
  },
  {
    name: 'in an entity of a list',
    cases: (all) =>
      all.slice(0, 2).map(({ field, value, sound }) => ({
        query: `{ thingSureList { id far: ${farName(field)} } }`,
        whole: `{"thingSureList":[${thing(1, object('far', sound))},${thing(2, object('far', value))}]}`,
        near: `{"thingSureList":[${thing(1)},${thing(2)}]}`,
        far: `[${object('far', sound)},${object('far', value)}]`,
      })),
  },
];

const ROWS = Object.entries(LEAVES).flatMap(([leaf, type]) => VALUES.map((value) => ({ leaf, type, value })));

describe('a wrong value of a leaf', () => {
  let graph: FaultyGraph;

  beforeAll(async () => {
    graph = await startFaultyGraph();
  });
  afterAll(() => graph.close());

  describe.each(POSITIONS)('$name', (position) => {
    const compare = async ({ leaf, value }: (typeof ROWS)[number]) => {
      const sound = SOUND[leaf] ?? '';
      const all = WRAPPINGS.map(({ suffix, wrap }) => {
        const field = leaf + suffix;
        return { field, value: wrap(value, sound), sound: wrapSound(suffix, sound) };
      });
      for (const { query, whole, near, far } of position.cases(all)) {
        graph.answer(`{"data":${near}}`, `{"data":{"_entities":${far}}}`);
        const { body } = await graph.gateway.query(query);
        expect({
          query,
          whole,
          lines: difference(interpretationOf(body), await interpret(query, JSON.parse(whole))),
        }).toEqual({ query, whole, lines: [] });
      }
    };
    it.each(ROWS)('$type: $value', compare);
  });
});

function wrapSound(suffix: string, sound: string): string {
  if (suffix.endsWith('List')) return `[${sound}]`;
  return suffix === 'Matrix' ? `[[${sound}]]` : sound;
}
