import { hostileOperation } from '../support/hostile-graph.ts';
import type { Issuer } from './issuer.ts';
import { SIDES, THINGS } from './workloads/attacked.ts';
import { coldOperations } from './workloads/cold-operations.ts';

/** One way to keep a gateway busy, on the graph of `workloads/attacked.ts`. */
export interface Attack {
  readonly name: string;
  /** Requests per second. */
  readonly rate: number;
  /** What the gateway may say, each as `STATUS CODE`; `200` alone for an answer. */
  readonly wants: readonly string[];
  /** @param count how many will be sent. Several are all different, and each is sent once; a single one is sent over and over. */
  bodies(count: number, round: number): readonly string[];
  /** Each request brings one of these, in turn. */
  tokens?(issuer: Issuer): Promise<readonly string[]>;
}

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

const toBody = (query: string, variables?: Record<string, unknown>) => JSON.stringify({ query, variables });
const one = (query: string, variables?: Record<string, unknown>) => () => [toBody(query, variables)];
const distinct = (make: (id: string) => string) => (count: number, round: number) =>
  Array.from({ length: count }, (_, index) => toBody(make(`x${round}_${index}`)));

const LIMITED = ['200 OPERATION_LIMIT_EXCEEDED'];
const TOO_COSTLY = ['200 COST_ESTIMATED_TOO_EXPENSIVE'];

/** 10,000 in a minute. */
const NEW_PER_SECOND = 10_000 / 60;
const MANY = 50;

/** Twice as many levels as that. */
const reviewsOf = (levels: number, inside: string) =>
  `users ${'{ reviews { product '.repeat(levels)}{ ${inside} }${'} }'.repeat(levels)}`;

/** Something else of each type. */
const OF_EACH = times(THINGS, (thing) => `... on Thing${thing} { next { id } }`);
/** All other interfaces that things have, over and over. */
const OF_SIDES = times(
  SIDES,
  (side) => `... on Side${side} { ... on Side${(side + 1) % SIDES} { ... on Thing${side} { id } } }`,
);

/** Each is sent by itself for some seconds, beside a client who only wants answers. */
export const ATTACKS: readonly Attack[] = [
  { name: 'deep', rate: MANY, wants: LIMITED, bodies: one(`{ ${reviewsOf(75, 'upc')} }`) },
  {
    name: 'deep, within the limits',
    rate: MANY,
    wants: TOO_COSTLY,
    bodies: distinct((id) => `{ ${id}: ${reviewsOf(48, 'upc')} }`),
  },
  { name: 'wide', rate: MANY, wants: LIMITED, bodies: one(`{ users { ${'name '.repeat(6_000)} } }`) },
  {
    name: 'aliased',
    rate: MANY,
    wants: LIMITED,
    bodies: one(`{ ${times(1_000, (n) => `a${n}: users { id }`)} }`),
  },
  {
    name: 'fragment bomb',
    rate: MANY,
    wants: LIMITED,
    bodies: one(
      `{ users { ...F0 } } ${times(30, (n) => `fragment F${n} on User { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on User { id }`,
    ),
  },
  {
    name: 'more tokens than there may be',
    rate: MANY,
    wants: LIMITED,
    bodies: one(`{ users { ${'name '.repeat(20_000)} } }`),
  },
  {
    name: 'huge lists asked for',
    rate: MANY,
    wants: TOO_COSTLY,
    bodies: distinct((id) => `{ ${id}: topProducts(first: 1000000) { upc } }`),
  },
  {
    name: 'huge lists given',
    rate: MANY,
    wants: LIMITED,
    bodies: one('query ($ids: [ID]) { users { id } }', { ids: Array(100_000).fill('1') }),
  },
  {
    name: 'variables of 10 MB',
    rate: 5,
    // Who goes on sending when it was refused finds the connection closed, and may find that first.
    wants: ['413 BODY_TOO_LARGE', 'ECONNRESET', 'EPIPE'],
    bodies: one('query ($id: ID!) { user(id: $id) { name } }', { id: 'x'.repeat(10_000_000) }),
  },
  {
    name: '10,000 new operations in a minute',
    rate: NEW_PER_SECOND,
    wants: ['200', '200 UNAUTHORIZED_FIELD_OR_TYPE', '503 OVERLOADED'],
    bodies: (count, round) => coldOperations(count, 11 + round).map((query) => toBody(query)),
  },
  {
    name: 'an interface of many types',
    rate: 10,
    wants: TOO_COSTLY,
    bodies: distinct((id) => `{ ${id}: things { next { next { next { next { ${OF_EACH} } } } } } }`),
  },
  {
    name: 'types of many interfaces',
    rate: 10,
    wants: TOO_COSTLY,
    bodies: distinct(
      (id) =>
        `{ ${id}: things { ${times(300, (n) => `a${n}: next { ...F }`)} } } fragment F on Thing { ${OF_SIDES} next { next { next { id } } } }`,
    ),
  },
  {
    name: 'what may not be had, in long lists',
    rate: MANY,
    wants: ['200 UNAUTHORIZED_FIELD_OR_TYPE'],
    bodies: one('{ users { reviews { product { name reviews { product { name } } } } } }'),
  },
  {
    name: 'forged tokens',
    rate: 4 * MANY,
    wants: ['401 UNAUTHENTICATED'],
    bodies: one('{ customer { name } }'),
    tokens: (issuer) => issuer.forge(500),
  },
  {
    name: 'more than the rate limit allows',
    rate: 10 * MANY,
    wants: ['200', '429 RATE_LIMITED'],
    bodies: one('{ customer { name } }'),
  },
  {
    name: 'what takes a planner for ever',
    rate: 1,
    // Planning ends at its bounds, with a plan that may not be the best, or without one.
    wants: ['200', ...LIMITED, ...TOO_COSTLY],
    bodies: distinct((id) => `query ${id} ${hostileOperation(5)}`),
  },
];
