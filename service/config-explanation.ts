import type { z } from 'zod';

/**
 * Says what is wrong with the value of an option, and what belongs there, where its schema does not say it in words of its own. Values are not
 * repeated: some are secrets.
 */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return explainType(NAMES[issue.expected] ?? issue.expected, issue.input);
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${amount(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${amount(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'unrecognized_keys':
      return explainKeys(issue.keys, issue.inst);
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'invalid_format':
      return issue.format === 'url' ? explainUrl(issue.inst) : undefined;
    default:
      return undefined;
  }
}

/** What a type is called by who writes YAML. */
const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, such as [one, two]',
  record: 'a map, such as { name: value }',
  object: 'options, such as { name: value }',
};

function explainType(expected: string, input: unknown): string {
  if (input === undefined) return `is missing: ${expected}`;
  // As YAML reads a name with nothing after it, or with comments alone.
  if (input === null) return `is empty: it must be ${expected}, or not be there`;
  return `must be ${expected}`;
}

function amount(origin: string, comparison: string, bound: number | bigint): string {
  if (origin === 'array') return `have ${comparison} ${bound} ${Number(bound) === 1 ? 'item' : 'items'}`;
  if (origin === 'string') return `have ${comparison} ${bound} ${Number(bound) === 1 ? 'character' : 'characters'}`;
  return `be ${comparison} ${bound}`;
}

/** `collector:4318` is a URL as well, with the scheme `collector`: it helps to hear which one belongs there. */
function explainUrl(inst: unknown): string {
  const { protocol } = (inst as z.ZodURL | undefined)?._zod.def ?? {};
  return protocol?.source === '^https?$' ? 'must be a URL that begins with http:// or https://' : 'must be a URL';
}

function explainKeys(keys: readonly string[], inst: unknown): string {
  const unknown = `unknown ${keys.length === 1 ? 'option' : 'options'} ${keys.map((key) => `"${key}"`).join(', ')}`;
  const { shape } = (inst as z.ZodObject | undefined)?.def ?? {};
  const there = shape === undefined ? '' : `; there are ${Object.keys(shape).join(', ')}`;
  return `${unknown}${there} (docs/config.md lists all options)`;
}
