import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { explainIssue } from './config-explanation.ts';

/**
 * Configuration: one schema holds type, default, unit and description of every option. Its value is read, in rising
 * precedence, from defaults, a YAML file, the environment and command line flags; all problems are reported at once.
 */

/** One option as the documentation lists it. */
export interface Option {
  readonly path: string;
  readonly environment: string;
  readonly type: string;
  readonly default: string;
  readonly description: string;
}

/** A thing wrong with the configuration: where, and what to do. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export interface ConfigSources<Schema extends z.ZodObject> {
  readonly schema: Schema;
  /** Options are also read from `PREFIX_PATH_TO_OPTION`. */
  readonly prefix: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A YAML file; one that is named must exist. */
  readonly file?: string | undefined;
  /** From command line flags, by dotted path: `{ 'http.port': '0' }`. Text, as in the environment. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
}

/**
 * The names without a prefix: two that every platform already knows, two that mean the whole installation, and two under which rover,
 * Apollo's gateway and its router already have the same values.
 */
const SHARED_NAMES: Readonly<Record<string, string>> = {
  'redis.url': 'REDIS_URL',
  'database.url': 'DATABASE_URL',
  dataDir: 'TRIBUTARY_DATA_DIR',
  seed: 'SEED',
  'supergraph.uplink.key': 'APOLLO_KEY',
  'supergraph.uplink.graphRef': 'APOLLO_GRAPH_REF',
};

/**
 * Reads the configuration.
 *
 * @returns the deep-frozen value
 * @throws {ConfigError} with every problem of file, environment and flags. Unknown keys in the file are problems; unknown
 *   variables of the environment are not, because container platforms add some under the prefix by themselves
 *   (`GATEWAY_SERVICE_HOST`).
 */
export function readConfig<Schema extends z.ZodObject>(sources: ConfigSources<Schema>): z.infer<Schema> {
  const { schema, prefix, environment, file, flags = {} } = sources;
  const problems: ConfigProblem[] = [];
  const raw = file === undefined ? {} : readYaml(file, problems);
  const namesByPath = new Map<string, string>();

  for (const leaf of leavesOf(schema)) {
    for (const { path, type, name } of placesOf(leaf, prefix, environment)) {
      const dotted = path.join('.');
      const flag = flags[dotted];
      const text = flag ?? environment[name];
      if (text === undefined || (text === '' && flag === undefined)) continue;
      namesByPath.set(dotted, flag === undefined ? name : `from the command line`);
      setAt(raw, path, fromText(type, text));
    }
  }

  const result = schema.safeParse(raw, { error: explainIssue });
  if (!result.success) {
    for (const issue of result.error.issues) {
      const path = issue.path.join('.');
      const from = namesByPath.get(path);
      problems.push({
        path: path === '' ? (file ?? prefix) : from === undefined ? path : `${path} (${from})`,
        message: issue.message,
      });
    }
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(result.data);
}

/**
 * Every option of a schema, in its order: what `docs/config.md` is made of. Those of the groups of a map are below it, with `NAME` for
 * that of a group.
 */
export function listOptions(schema: z.ZodObject, prefix: string): Option[] {
  return leavesOf(schema)
    .flatMap((leaf) => [leaf, ...leavesOfGroup(leaf.type).map((inner) => below([...leaf.path, 'NAME'], inner))])
    .map(({ path, type, declared }) => ({
      path: path.join('.'),
      environment: environmentName(prefix, path),
      type: describeType(type),
      default: declared instanceof z.ZodDefault ? JSON.stringify(declared.def.defaultValue) : '',
      description: declared.description ?? type.description ?? '',
    }));
}

interface Leaf {
  readonly path: readonly string[];
  /** The type without `optional` and `default` around it. */
  readonly type: z.ZodType;
  readonly declared: z.ZodType;
}

function leavesOf(schema: z.ZodObject, above: readonly string[] = []): Leaf[] {
  return Object.entries(schema.shape).flatMap(([key, declared]) => {
    const type = unwrap(declared as z.ZodType);
    const path = [...above, key];
    return type instanceof z.ZodObject ? leavesOf(type, path) : [{ path, type, declared: declared as z.ZodType }];
  });
}

/** Of each group of a map; none for other types. */
function leavesOfGroup(type: z.ZodType): Leaf[] {
  const group = type instanceof z.ZodRecord ? type.def.valueType : undefined;
  return group instanceof z.ZodObject ? leavesOf(group) : [];
}

function below(above: readonly string[], leaf: Leaf): Leaf {
  return { ...leaf, path: [...above, ...leaf.path] };
}

interface Place {
  readonly path: readonly string[];
  readonly type: z.ZodType;
  /** Its name in the environment. */
  readonly name: string;
}

/**
 * Where a leaf can be set. A map of groups has a place for each name that the environment mentions:
 * `GATEWAY_UPSTREAM_ORDERS_URLS` is `upstream.orders.urls`.
 */
function placesOf(
  { path, type }: Leaf,
  prefix: string,
  environment: ConfigSources<z.ZodObject>['environment'],
): Place[] {
  const name = environmentName(prefix, path);
  const itself = { path, type, name };
  const inner = leavesOfGroup(type).flatMap((leaf) => {
    const suffix = environmentName('', leaf.path);
    return Object.keys(environment)
      .filter(
        (candidate) =>
          candidate.startsWith(`${name}_`) &&
          candidate.endsWith(suffix) &&
          candidate.length > name.length + 1 + suffix.length,
      )
      .map((candidate) => ({
        path: [...path, candidate.slice(name.length + 1, -suffix.length).toLowerCase(), ...leaf.path],
        type: leaf.type,
        name: candidate,
      }));
  });
  return [itself, ...inner];
}

function unwrap(type: z.ZodType): z.ZodType {
  if (type instanceof z.ZodDefault || type instanceof z.ZodPrefault || type instanceof z.ZodOptional) {
    return unwrap(type.def.innerType as z.ZodType);
  }
  // What `z.preprocess` makes.
  if (type instanceof z.ZodPipe && type.def.in instanceof z.ZodTransform) return unwrap(type.def.out as z.ZodType);
  return type;
}

/** `http.bodyLimitBytes` ↔ `GATEWAY_HTTP_BODY_LIMIT_BYTES`. */
function environmentName(prefix: string, path: readonly string[]): string {
  const shared = SHARED_NAMES[path.join('.')];
  if (shared !== undefined) return shared;
  return [prefix, ...path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))].join('_').toUpperCase();
}

function fromText(type: z.ZodType, text: string): unknown {
  if (type instanceof z.ZodNumber) return text.trim() === '' ? text : Number.isNaN(Number(text)) ? text : Number(text);
  if (type instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (type instanceof z.ZodArray)
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  if (type instanceof z.ZodRecord) {
    try {
      return parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

function readYaml(file: string, problems: ConfigProblem[]): Record<string, unknown> {
  try {
    const value: unknown = parse(readFileSync(file, 'utf8')) ?? {};
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    problems.push({ path: file, message: 'must hold options as `name: value`, not a list or a single value' });
  } catch (error) {
    if (error instanceof YAMLParseError) problems.push({ path: file, message: `is not valid YAML: ${error.message}` });
    else
      problems.push({
        path: file,
        message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      });
  }
  return {};
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  // A scalar where a group belongs stays, so that the schema can name the mistake.
  if (inner !== undefined && inner !== null && (typeof inner !== 'object' || Array.isArray(inner))) return;
  const group = (inner ?? {}) as Record<string, unknown>;
  target[key] = group;
  setAt(group, rest, value);
}

function describeType(type: z.ZodType): string {
  if (type instanceof z.ZodEnum) return type.options.map((option) => `\`${option}\``).join(' or ');
  if (type instanceof z.ZodNumber) return 'number';
  if (type instanceof z.ZodBoolean) return '`true` or `false`';
  if (type instanceof z.ZodArray) return 'list';
  if (type instanceof z.ZodRecord) return 'map';
  if (type instanceof z.ZodURL) return 'URL';
  return 'text';
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
