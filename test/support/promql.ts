/** What an expression of PromQL names. */
export interface Named {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

const WORDS = new Set(['or', 'and', 'unless', 'bool', 'offset']);
const CLAUSE = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/** Finds the names in an expression whose grammar is known to be right. Labels that a function makes are not told. */
export function namesIn(expression: string): Named {
  const bare = expression.replace(/"(?:\\.|[^"\\])*"/g, '""').replace(/\[[^\]]*\]/g, '');
  const selected = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(
    ([, matchers = '']) => matchers.match(/\w+(?=\s*[=!])/g) ?? [],
  );
  const grouped = [...bare.matchAll(CLAUSE)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
  const rest = bare.replace(/\{[^}]*\}/g, '').replace(CLAUSE, '');
  const metrics = [...rest.matchAll(/(?<![\w.])[a-z_:][\w:]*(?!\s*\(|[\w:])/gi)].map(([name]) => name);
  return { metrics: metrics.filter((name) => !WORDS.has(name)), labels: [...selected, ...grouped] };
}
