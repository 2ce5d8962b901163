import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type Amount, largest, product } from './amount.ts';
import { type AskedField, definitionOf, possibleTypes } from './asked-field.ts';
import { countItems, NONE_SIZED, sizedBy } from './list-size.ts';
import type { Weights } from './weights.ts';

/** What a fetch asks of the objects at a place. */
export interface Asked {
  readonly selectionSet: SelectionSetNode;
  readonly parent: GraphQLCompositeType;
}

type PlanPath = readonly (string | number)[];

/** The places of a plan's data, and how many objects stand there at most. */
export interface Places {
  /** Notes what a fetch asks for, in the order of the plan: later fetches are for what earlier ones bring. */
  add(path: PlanPath, asked: Asked): void;
  count(path: PlanPath): Amount;
}

/** @param schema everything, as the subgraphs know it */
export function createPlaces(schema: GraphQLSchema, weights: Weights): Places {
  const byPath = new Map<string, Asked[]>();
  const keyOf = (path: PlanPath) => path.join('\n');

  /** Of all objects at a path, whatever their types: each is at most as many as the largest says. */
  function count(path: PlanPath): Amount {
    let here: readonly Asked[] = byPath.get('') ?? [];
    let sized = NONE_SIZED;
    let total: Amount = 1;
    let isKnown = true;
    path.forEach((step, index) => {
      if (step === '@') {
        if (!isKnown) total = product(total, weights.listSize);
      } else {
        const fields = here.flatMap((asked) => fieldsOf(asked, String(step)));
        isKnown = fields.length > 0;
        if (isKnown)
          total = product(
            total,
            largest(fields.map((field) => countItems(field, sized.get(field.name), weights.listSize))),
          );
        sized = new Map(fields.flatMap((field) => [...sizedBy(field, weights.listSize)]));
        here = fields.flatMap(below);
      }
      here = [...here, ...(byPath.get(keyOf(path.slice(0, index + 1))) ?? [])];
    });
    return total;
  }

  function fieldsOf({ selectionSet, parent }: Asked, key: string): AskedField[] {
    return selectionSet.selections.flatMap((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
        return fieldsOf({ selectionSet: selection.selectionSet, parent: isCompositeType(type) ? type : parent }, key);
      }
      return (selection.alias ?? selection.name).value === key ? askedOf(selection, parent) : [];
    });
  }

  function askedOf(node: FieldNode, parent: GraphQLCompositeType): AskedField[] {
    const name = node.name.value;
    const types = possibleTypes(schema, parent);
    const definition = definitionOf(types, parent, name);
    if (definition === undefined) return [];
    const said = weights.ofField(types, name, definition.type);
    return [{ name, definition, said, nodes: [{ node, parent, condition: undefined }] }];
  }

  return {
    add: (path, asked) => {
      const key = keyOf(path);
      byPath.set(key, [...(byPath.get(key) ?? []), asked]);
    },
    count,
  };
}

function below({ definition, nodes: [{ node }] }: AskedField): Asked[] {
  const parent = getNamedType(definition.type);
  return node.selectionSet !== undefined && isCompositeType(parent)
    ? [{ selectionSet: node.selectionSet, parent }]
    : [];
}
