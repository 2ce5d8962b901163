import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Json } from '../execution/own.ts';
import { type DescribedOperation, describeOperation } from './describe-operation.ts';
import { compileVariableGatherer, type GatherFromVariables } from './variable-coordinates.ts';

/** An operation that was run, once. */
export interface RanOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Json;
  readonly schema: GraphQLSchema;
  /** As the client calls itself, if it does. */
  readonly clientName: string | undefined;
  readonly clientVersion: string | undefined;
}

/** How often an operation ran. */
export interface UsageCount {
  readonly operation: DescribedOperation;
  /** Of UTC: `2026-11-25`. */
  readonly day: string;
  readonly client: { readonly name: string; readonly version: string };
  readonly count: number;
}

export interface UsageCounter {
  /** On the way of every request: one addition, once an operation is known. */
  readonly count: (ran: RanOperation) => void;
  /** What was counted since it was taken last; it starts anew. */
  take(): readonly UsageCount[];
  /** Puts back what could not be reported. It counts for the bounds, and beyond them is dropped. */
  putBack(counts: readonly UsageCount[]): void;
  /** How many runs were not counted, since this was asked last, because of the bounds. */
  takeDropped(): number;
  /** How many counts wait to be taken, and how many runs were ever dropped. */
  look(): { readonly waiting: number; readonly dropped: number };
}

export interface UsageCounterOptions {
  /** Most distinct operations that wait to be taken. */
  readonly maxOperations: number;
  /** Most counts that do. */
  readonly maxCounts: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Known {
  readonly described: DescribedOperation;
  readonly gather: GatherFromVariables | undefined;
}

interface Waiting {
  readonly operation: DescribedOperation;
  /** By day, name and version of the client. */
  readonly counts: Map<string, number>;
}

/** Most characters of bodies that wait to be taken, and of one. */
const MOST_CHARACTERS = 8_000_000;
const MOST_CHARACTERS_OF_ONE = 100_000;
/** Most characters of the name of a client, and of its version: more is cut. */
const MOST_OF_NAME = 200;
const DAY_MS = 86_400_000;
const SEPARATOR = '\u0000';

/**
 * Counts operations by client and day. Bounded by operations, counts and characters, whatever clients send and however long nobody
 * takes it: what would exceed a bound is dropped, and that is counted.
 */
export function createUsageCounter({ maxOperations, maxCounts, now = Date.now }: UsageCounterOptions): UsageCounter {
  const known = new WeakMap<OperationDefinitionNode, Known>();
  // One for all that are laid out differently, or prepared on one graph and the next.
  const described = new LRUCache<string, DescribedOperation>({ max: 2 * maxOperations });
  let waiting = new Map<string, Waiting>();
  let counts = 0;
  let characters = 0;
  let dropped = 0;
  let droppedBefore = 0;
  let day = '';
  let dayEnds = 0;

  function today(): string {
    const time = now();
    if (time >= dayEnds) {
      day = new Date(time).toISOString().slice(0, 10);
      dayEnds = (Math.floor(time / DAY_MS) + 1) * DAY_MS;
    }
    return day;
  }

  function know({ operation, fragments, schema }: RanOperation): Known {
    let found = known.get(operation);
    if (found === undefined) {
      found = {
        described: share(describeOperation(operation, fragments, schema)),
        gather: compileVariableGatherer(operation, schema),
      };
      known.set(operation, found);
    }
    return found;
  }

  function share(operation: DescribedOperation): DescribedOperation {
    const shared = described.get(operation.hash);
    if (shared === undefined) {
      described.set(operation.hash, operation);
      return operation;
    }
    for (const coordinate of operation.coordinates) shared.coordinates.add(coordinate);
    return shared;
  }

  function add(operation: DescribedOperation, key: string, count: number): void {
    const { hash, body } = operation;
    let entry = waiting.get(hash);
    if (entry === undefined) {
      const isTooMuch = body.length > MOST_CHARACTERS_OF_ONE || characters + body.length > MOST_CHARACTERS;
      if (isTooMuch || waiting.size >= maxOperations || counts >= maxCounts) {
        dropped += count;
        return;
      }
      entry = { operation, counts: new Map() };
      waiting.set(hash, entry);
      characters += body.length;
    }
    const before = entry.counts.get(key);
    if (before === undefined && ++counts > maxCounts) {
      counts--;
      dropped += count;
      return;
    }
    entry.counts.set(key, (before ?? 0) + count);
  }

  return {
    count: (ran) => {
      const { described: operation, gather } = know(ran);
      gather?.(ran.variables, operation.coordinates);
      add(operation, today() + SEPARATOR + cut(ran.clientName) + SEPARATOR + cut(ran.clientVersion), 1);
    },
    take: () => {
      const taken = [...waiting.values()].flatMap(({ operation, counts: ofOperation }) =>
        [...ofOperation].map(([key, count]) => {
          const [ofDay = '', name = '', version = ''] = key.split(SEPARATOR);
          return { operation, day: ofDay, client: { name, version }, count };
        }),
      );
      waiting = new Map();
      counts = 0;
      characters = 0;
      return taken;
    },
    putBack: (back) => {
      for (const { operation, day: ofDay, client, count } of back)
        add(operation, [ofDay, client.name, client.version].join(SEPARATOR), count);
    },
    look: () => ({ waiting: counts, dropped: droppedBefore + dropped }),
    takeDropped: () => {
      const taken = dropped;
      droppedBefore += taken;
      dropped = 0;
      return taken;
    },
  };
}

function cut(name: string | undefined): string {
  if (name === undefined) return '';
  return name.length > MOST_OF_NAME ? name.slice(0, MOST_OF_NAME) : name;
}
