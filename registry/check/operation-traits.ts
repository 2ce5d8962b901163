import { type DocumentNode, parse, visit } from 'graphql';
import type { Traces } from '../schema/traces.ts';
import type { UsedOperation, WantedOperations } from '../storage/usage-window.ts';

/** All that can hit somebody, as what the database is asked for. */
export function toWanted(traces: readonly Traces[], mostUsed: number): WantedOperations {
  const traits = new Set(
    traces.flatMap(({ any, both }) => [...any, ...both.flatMap(({ one, other }) => [...one, ...other])]),
  );
  const spreads: string[] = [];
  const variables: string[] = [];
  const directives: string[] = [];
  const coordinates: string[] = [];
  for (const trait of traits) {
    if (trait.startsWith('on ')) spreads.push(trait.slice(3));
    else if (trait.startsWith('$')) variables.push(trait.slice(1));
    else if (trait.startsWith('@')) directives.push(trait.slice(1));
    else coordinates.push(trait);
  }
  const patterns = [
    ...(spreads.length === 0 ? [] : [`\\mon\\s+(${spreads.join('|')})\\M`]),
    ...(variables.length === 0 ? [] : [`\\$\\w+\\s*:[\\s\\[]*(${variables.join('|')})\\M`]),
    ...(directives.length === 0 ? [] : [`@(${directives.join('|')})\\M`]),
  ];
  return { coordinates, pattern: patterns.length === 0 ? undefined : patterns.join('|'), mostUsed };
}

/** What an operation has in it, of what was asked for. */
export function traitsOf({ coordinates, body }: UsedOperation): ReadonlySet<string> {
  const traits = new Set(coordinates);
  const document = body === null ? undefined : tryParse(body);
  if (document === undefined) return traits;
  const addSpread = (name: string | undefined) => name !== undefined && traits.add(`on ${name}`);
  visit(document, {
    InlineFragment: ({ typeCondition }) => void addSpread(typeCondition?.name.value),
    FragmentDefinition: ({ typeCondition }) => void addSpread(typeCondition.name.value),
    Directive: ({ name }) => void traits.add(`@${name.value}`),
    VariableDefinition: ({ type }) => {
      let named = type;
      while (named.kind !== 'NamedType') named = named.type;
      traits.add(`$${named.name.value}`);
    },
  });
  return traits;
}

/** A gateway runs nothing that does not parse; a text that was made up by whoever holds its key might not. */
function tryParse(body: string): DocumentNode | undefined {
  try {
    return parse(body, { noLocation: true });
  } catch {
    return undefined;
  }
}

/** Whether a change can hit an operation. */
export function isHit(traits: ReadonlySet<string>, { any, both }: Traces): boolean {
  const hasOf = (names: readonly string[]) => names.some((name) => traits.has(name));
  return hasOf(any) || both.some(({ one, other }) => hasOf(one) && hasOf(other));
}
