import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
// By path: the peers' own GraphQL beside this file is another version, and two cannot share a schema.
import { graphql, parse } from '../../node_modules/graphql/index.js';
import { type Answer, createAnswerServer } from './answer-server.ts';
import { bytesOf, receiptOf } from './rest-bytes.ts';
import { WORKLOADS } from './workloads/all.ts';

/**
 * The subgraphs of a workload in one process: `/NAME` answers each. An answer is computed once by the real schema, then
 * remembered by path and exact body, ready to send, so that it is not the subgraphs that are measured.
 *
 * `GET /vary/on` puts a counter into every answer, so that nothing gains by seeing the same bytes twice; `/delay/MS` waits; `/keep/on`
 * says of every answer that it may be kept for a minute;
 * `/bytes/N` has N bytes, and `/taken` says what it was sent: the least that can stand behind a proxy (`rest-bytes.ts`);
 * `/count` tells how many requests came since it was asked last: who shares, and how much; `/busy` for which part of the time
 * since it was asked last this process was on its core.
 *
 * Arguments: the workload's name; a port, by default any that is free.
 */

const workload = WORKLOADS.get(process.argv[2] ?? '');
if (workload === undefined) throw new TypeError(`there is no workload "${process.argv[2]}"`);

const all = Object.entries({ ...workload.subgraphs, ...workload.later });
const schemas = new Map(
  all.map(([name, { sdl, resolvers }]) => [`/${name}`, buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }])]),
);

const changing = new Set(all.flatMap(([name, { isChanging }]) => (isChanging ? [`/${name}`] : [])));

interface Remembered {
  readonly whole: Answer;
  /** Head and body up to where the counter goes; the length counts it. */
  readonly opening: Buffer;
}

/** Digits that never become more, so that every varied answer has one length. */
const FIRST_NUMBER = 100_000_000_000;
const remembered = new Map<string, Remembered>();
let isVarying = false;
let delayMs = 0;
let isKept = false;
let count = 0;
let number = FIRST_NUMBER;
let usage = process.cpuUsage();
let usageFrom = performance.now();

const tail = () => `,"extensions":{"n":${number++}}}`;

async function answer(path: string, body: string): Promise<Remembered> {
  const schema = schemas.get(path);
  if (schema === undefined) throw new TypeError(`there is no subgraph ${path}`);
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
  const text = JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} }));
  const ready = { whole: [respond(text)], opening: respond(text.slice(0, -1), tail().length) };
  if (!changing.has(path)) remembered.set(`${path} ${Buffer.from(body).toString('latin1')}`, ready);
  return ready;
}

function respond(text: string, more = 0): Buffer {
  const length = Buffer.byteLength(text) + more;
  const keeping = isKept ? 'cache-control: max-age=60, public\r\n' : '';
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${keeping}content-length: ${length}\r\n\r\n`;
  return Buffer.from(head + text);
}

const dress = ({ whole, opening }: Remembered): Answer => (isVarying ? [opening, tail()] : whole);

const server = createAnswerServer((path, body) => {
  if (!schemas.has(path)) return plain(path, body) ?? [respond(control(path))];
  count++;
  const known = remembered.get(`${path} ${body.toString('latin1')}`);
  if (known !== undefined && delayMs === 0) return dress(known);
  return (async () => {
    const ready = known ?? (await answer(path, body.toString()));
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    return dress(ready);
  })();
});

const bytes = new Map<string, Answer>();

function plain(path: string, body: Buffer): Answer | undefined {
  if (path === '/taken') return [respond(receiptOf([body]))];
  if (!path.startsWith('/bytes/')) return undefined;
  const known = bytes.get(path) ?? [respond(bytesOf(Number(path.slice('/bytes/'.length))).toString())];
  bytes.set(path, known);
  return known;
}

function control(path: string): string {
  const [, name, value] = path.split('/');
  if (name === 'vary') isVarying = value === 'on';
  else if (name === 'delay') delayMs = Number(value);
  else if (name === 'keep') {
    isKept = value === 'on';
    // Their heads are ready to send, too.
    remembered.clear();
  } else if (name === 'count') {
    const counted = String(count);
    count = 0;
    return counted;
  } else if (name === 'busy') {
    const { user, system } = process.cpuUsage(usage);
    const share = (user + system) / 1_000 / (performance.now() - usageFrom);
    usage = process.cpuUsage();
    usageFrom = performance.now();
    return String(share);
  }
  return 'ok';
}

server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () =>
  console.log(`listening ${(server.address() as AddressInfo).port}`),
);
