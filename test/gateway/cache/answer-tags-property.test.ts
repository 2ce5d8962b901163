import { describe, expect, it } from '@jest/globals';
import { Kind, parse, print, type SelectionSetNode } from 'graphql';
import { createAnswerTags } from '../../../gateway/cache/answer-tags.ts';
import { type BoundTags, toPurgeTags } from '../../../gateway/cache/tag.ts';
import type { Invalidation } from '../../../service/invalidation.ts';
import { createRandom, randomQuery } from '../../federation/support/random-operation.ts';
import { type Asked, answer, ownSchema, purgesOf, rules, schema, type Thing } from './tag-graph.ts';

const CASES = 150;
/** A new one each day; the failing one is in the message. */
const SEED = Math.floor(Date.now() / 86_400_000);

const isVoid = (tags: ReadonlySet<string>, invalidation: Invalidation) =>
  toPurgeTags(invalidation).some((tag) => tags.has(tag));
const union = (...parts: readonly (BoundTags | undefined)[]) => new Set(parts.flatMap((part) => part?.tags ?? []));

/** All that voids an answer with these in it. */
function* meantFor(touched: ReadonlySet<Thing>, subgraph: string): Iterable<Invalidation> {
  yield { kind: 'subgraph', subgraph };
  for (const thing of touched) {
    for (const purge of purgesOf(thing)) {
      yield purge;
      yield { kind: 'type', type: purge.type };
      if (subgraph === 'catalog') yield { kind: 'type', subgraph, type: purge.type };
    }
  }
}

function missed(tags: ReadonlySet<string>, touched: ReadonlySet<Thing>, subgraph: string): readonly Invalidation[] {
  return [...meantFor(touched, subgraph)].filter((invalidation) => !isVoid(tags, invalidation));
}

interface Case extends Asked {
  readonly seed: number;
}

/** Random fields of `Query` of both subgraphs. Made once: that takes longer than all else here. */
const CASES_OF_QUERY: readonly Case[] = Array.from({ length: CASES }, (_, index) => {
  const seed = SEED + index;
  const subgraph = index % 3 === 0 ? 'reviews' : 'catalog';
  return { seed, subgraph, query: randomQuery(ownSchema(subgraph), createRandom(seed * 7_919)) };
});

const TYPES: Readonly<Record<string, string>> = { item: 'Item', book: 'Book', me: 'Person', reviews: 'Review' };

/** The selections on entities that those have, asked of batches of them. */
const CASES_OF_ENTITIES: readonly Case[] = CASES_OF_QUERY.flatMap(({ seed, subgraph, query }) => {
  const random = createRandom(seed);
  const [operation] = parse(query).definitions;
  const { selections } = (operation as { readonly selectionSet: SelectionSetNode }).selectionSet;
  return selections.flatMap((field) => {
    const type = field.kind === Kind.FIELD ? TYPES[field.name.value] : undefined;
    if (field.kind !== Kind.FIELD || field.selectionSet === undefined || type === undefined) return [];
    const selection = `... on ${type} ${print(field.selectionSet)}`;
    return {
      seed,
      subgraph,
      query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
      representations: representationsOf(type).filter(() => random() < 0.7),
    };
  });
});

describe('whatever an answer contains', () => {
  it.each([1_000, 12, 4])('voids it when that is purged, with at most %d tags', async (mostTags) => {
    const find = createAnswerTags({ schema, rules, mostTags });
    let purges = 0;
    for (const { seed, subgraph, query } of CASES_OF_QUERY) {
      const { node, answer: given, touched } = await answer({ subgraph, query });
      const { shared } = find(node, given);
      if (shared.isExcessive) continue;
      purges += touched.size;
      expect({ seed, query, missed: missed(union(shared), touched, subgraph) }).toEqual({ seed, query, missed: [] });
    }
    expect(purges).toBeGreaterThan(CASES / 4);
  });

  it.each([1_000, 4])('voids each entity of a batch when it is purged, with at most %d tags', async (mostTags) => {
    const find = createAnswerTags({ schema, rules, mostTags });
    let purges = 0;
    for (const asked of CASES_OF_ENTITIES) {
      const { seed, subgraph, query, representations = [] } = asked;
      const { node, answer: given, touchedBy } = await answer(asked);
      const { shared, entities = [] } = find(node, given);
      expect(entities).toHaveLength(representations.length);
      for (const [index, touched] of touchedBy.entries()) {
        if (shared.isExcessive || entities[index]?.isExcessive === true) continue;
        purges += touched.size;
        const left = missed(union(shared, entities[index]), touched, subgraph);
        const of = representations[index];
        expect({ seed, query, of, left }).toEqual({ seed, query, of, left: [] });
      }
    }
    expect(purges).toBeGreaterThan(CASES / 10);
  });

  it('carries the tags that its formats make of its entities, or says that it does not', async () => {
    const find = createAnswerTags({ schema, rules });
    let made = 0;
    for (const { seed, query } of CASES_OF_QUERY.filter(({ subgraph }) => subgraph === 'catalog')) {
      const { node, answer: given, touched } = await answer({ subgraph: 'catalog', query });
      const { shared, unformed } = find(node, given);
      for (const { format, tag } of [...touched].flatMap(formatOf)) {
        if (unformed.includes(format)) continue;
        made++;
        const isCarried = isVoid(union(shared), { kind: 'tag', tag });
        expect({ seed, query, tag, isCarried }).toEqual({ seed, query, tag, isCarried: true });
      }
    }
    expect(made).toBeGreaterThan(10);
  });
});

function formatOf({ __typename: type, id, isbn }: Thing): { readonly format: string; readonly tag: string }[] {
  if (type === 'Book') return [{ format: 'isbn-{$key.isbn}', tag: `isbn-${isbn}` }];
  return type === 'Person' ? [{ format: 'person-{$key.id}', tag: `person-${id}` }] : [];
}

/** All references to things of a type, by all their keys. */
function representationsOf(type: string) {
  const byKey = {
    Item: [{ id: '1' }, { id: '3' }, { id: 'none' }],
    Book: [{ id: '1' }, { isbn: 'b2' }, { isbn: 'b1' }, { isbn: 'none' }],
    Person: [{ id: '1' }, { id: '2' }],
    Review: [{ id: 'r0' }, { id: 'r1' }],
  }[type];
  return (byKey ?? []).map((key) => ({ __typename: type, ...key }));
}
