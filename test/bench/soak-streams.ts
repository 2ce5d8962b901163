import { createHash } from 'node:crypto';
import type { Attack } from './attacks.ts';
import type { Stream } from './open-loop.ts';
import { bytesOf, receiptOf } from './rest-bytes.ts';
import { coldStream } from './soak.ts';
import { SMALL_QUERY } from './workloads/soak.ts';
import { w1 } from './workloads/w1.ts';

/** What clients send while everything is on: the same questions in every way in which they can be asked. */

/** Of an operation of the manifest. */
export const PERSISTED_ID = 'known';
/** Of a route that an operation answers. */
export const REST_PATH = '/api/customer';

const [SMALL_BYTES, TAKEN_BYTES] = [1_000, 50_000];

const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
/** A GET has to show that no web page sent it unasked. */
const PREFLIGHT = { 'apollo-require-preflight': '1' };
/** Nothing that is kept answers it, and nothing of it is kept. */
const ANEW = { 'cache-control': 'no-store' };

/** Clients who will not wait: what can be said to them. */
export const DEADLINE: Pick<Attack, 'name' | 'wants'> = {
  name: 'a millisecond',
  wants: ['200', '200 SUBGRAPH_TIMEOUT', '504 TIMEOUT'],
};

export interface Known {
  /** The answers to W1 on the graphs that take turns, and that to W2. */
  readonly w1: readonly string[];
  readonly w2: readonly string[];
  /** Tokens of a hundred people, and such as may see the catalogue. */
  readonly people: readonly string[];
  readonly wider: readonly string[];
}

/** What is sent in a slice, each answer compared. */
export function createStreams(known: Known): (number: number, seconds: number) => readonly Stream[] {
  const { people: tokens, wider } = known;
  const small = { tokens, queries: [SMALL_QUERY], expected: known.w2 };
  const large = { tokens: wider, queries: [w1.query], expected: known.w1 };
  const asJson = ([answer = '']: readonly string[]) =>
    JSON.stringify((JSON.parse(answer) as { data: { customer: unknown } }).data.customer);
  const hash = createHash('sha256').update(SMALL_QUERY).digest('hex');
  const get = { method: 'GET', queries: [''], headers: PREFLIGHT, tokens } as const;
  const always: readonly Stream[] = [
    { ...large, name: 'w1', rate: 20 },
    { ...large, name: 'w1 anew', rate: 10, headers: ANEW },
    { ...small, name: 'w2', rate: 60 },
    { ...small, name: 'w2 anew, with a deadline', rate: 40, headers: { ...ANEW, 'x-timeout-ms': '15000' } },
    { ...small, name: 'by hash', rate: 20, bodies: [JSON.stringify(persisted(hash))] },
    {
      ...{ ...small, ...get, name: 'by id', rate: 20 },
      path: `/graphql?extensions=${encodeURIComponent(JSON.stringify(persisted(PERSISTED_ID).extensions))}`,
    },
    { ...get, name: 'a route of an operation', rate: 20, path: REST_PATH, expected: [asJson(known.w2)] },
    {
      ...{ name: 'a route to a service', rate: 20, method: 'GET', queries: [''] },
      path: `/files/bytes/${SMALL_BYTES}`,
      expected: [bytesOf(SMALL_BYTES).toString()],
    },
    {
      ...{ name: 'a body to a service', rate: 5, path: '/files/taken', tokens, queries: [] },
      bodies: [bytesOf(TAKEN_BYTES).toString()],
      expected: [receiptOf([bytesOf(TAKEN_BYTES)])],
    },
    {
      ...{ ...large, name: DEADLINE.name, rate: 5, isHostile: true },
      headers: { ...ANEW, 'x-timeout-ms': '1' },
    },
  ];
  return (number, seconds) => [...always, { ...coldStream(10, number, seconds), tokens: wider }];
}
