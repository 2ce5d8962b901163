import {
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
} from 'graphql';
import type { CostRules, FieldCostRule, ListSize } from '../../../planning/cost-rules.ts';

/** The weights of what a graph has (IBM GraphQL Cost Directives, 7.1): those that its subgraphs say, and the default ones. */
export interface Weights {
  /** What one value adds to the type cost: of the types that it can be of the heaviest. */
  ofTypes(types: readonly GraphQLNamedType[]): number;
  /**
   * What is said of a field of an object, by each of the types that it can be of and that says something else.
   *
   * @param fieldType where nothing is said, this decides
   */
  ofField(types: readonly GraphQLObjectType[], field: string, fieldType: GraphQLOutputType): readonly FieldWeights[];
  /** @param type the input object that has the field */
  ofInputField(type: string, field: string, fieldType: GraphQLInputType): number;
  /** 0 where nothing is said: a directive is no resolver. */
  ofDirectiveArgument(directive: string, argument: string): number;
  /** How many items a list has of which nothing is said. */
  readonly listSize: number;
}

/** What is said of one field of an object: the same value for all of which nothing is said. */
export interface FieldWeights {
  /** What one run of its resolver adds to the field cost. */
  readonly weight: number;
  ofArgument(argument: string, type: GraphQLInputType): number;
  readonly listSize: ListSize | undefined;
}

/**
 * The specification leaves a mutation the weight of its root type, 1. Writing costs more than reading: this is what Apollo's demand
 * control takes for it, unless the type says otherwise.
 */
const MUTATION = 10;

const UNSAID: FieldCostRule = { weight: undefined, arguments: new Map(), listSize: undefined };

/** @param listSize how many items a list has of which nothing is said */
export function createWeights(schema: GraphQLSchema, rules: CostRules, listSize: number): Weights {
  const mutation = schema.getMutationType()?.name;
  const names = new Set([...rules.fields.keys()].map((field) => field.slice(field.indexOf('.') + 1)));
  const byTypes = new WeakMap<readonly GraphQLNamedType[], number>();
  const byField = new Map<string, FieldWeights>();
  const ofLeaf = toFieldWeights(UNSAID, 0);
  const ofComposite = toFieldWeights(UNSAID, 1);

  function ofType(type: GraphQLNamedType): number {
    return rules.types.get(type.name) ?? (type.name === mutation ? MUTATION : isLeafType(type) ? 0 : 1);
  }

  /** What an interface says holds for each object that has it, where the object's own field says nothing. */
  function readRule(type: GraphQLObjectType, field: string): FieldCostRule | undefined {
    const said = [type, ...type.getInterfaces()].flatMap(({ name }) => rules.fields.get(`${name}.${field}`) ?? []);
    if (said.length < 2) return said[0];
    return {
      weight: said.find(({ weight }) => weight !== undefined)?.weight,
      arguments: new Map(said.toReversed().flatMap((each) => [...each.arguments])),
      listSize: said.find((each) => each.listSize !== undefined)?.listSize,
    };
  }

  function ofFieldOf(type: GraphQLObjectType, field: string, unsaid: FieldWeights): FieldWeights {
    const key = `${type.name}.${field}`;
    let weights = byField.get(key);
    if (weights === undefined) {
      const rule = readRule(type, field);
      weights = rule === undefined ? unsaid : toFieldWeights(rule, unsaid.weight);
      byField.set(key, weights);
    }
    return weights;
  }

  return {
    listSize,
    ofTypes: (types) => {
      if (types.length === 1 && types[0] !== undefined) return Math.max(0, ofType(types[0]));
      let weight = byTypes.get(types);
      if (weight === undefined) {
        weight = Math.max(0, ...types.map(ofType));
        byTypes.set(types, weight);
      }
      return weight;
    },
    ofField: (types, field, fieldType) => {
      const unsaid = isLeafType(getNamedType(fieldType)) ? ofLeaf : ofComposite;
      // Of most fields nobody says anything, and an interface can have hundreds of types.
      if (!names.has(field)) return [unsaid];
      return [...new Set(types.map((type) => ofFieldOf(type, field, unsaid)))];
    },
    ofInputField: (type, field, fieldType) => rules.inputFields.get(`${type}.${field}`) ?? ofInput(fieldType),
    ofDirectiveArgument: (directive, argument) => rules.directiveArguments.get(`@${directive}.${argument}`) ?? 0,
  };
}

function toFieldWeights(rule: FieldCostRule, unsaid: number): FieldWeights {
  return {
    weight: rule.weight ?? unsaid,
    ofArgument: (argument, type) => rule.arguments.get(argument) ?? ofInput(type),
    listSize: rule.listSize,
  };
}

/** Arguments and input fields of scalars and enums weigh nothing, of input objects 1. */
function ofInput(type: GraphQLInputType): number {
  return isLeafType(getNamedType(type)) ? 0 : 1;
}
