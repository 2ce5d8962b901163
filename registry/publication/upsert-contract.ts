import { demand, type Principal } from '../access/principal.ts';
import { RegistryError } from '../errors.ts';
import { checkVariantName } from '../names.ts';
import type { ContractFilter } from '../storage/tables.ts';
import { commit, untilCommitted } from './commit.ts';
import { draftVersion, readText } from './draft.ts';
import { demandPublished, type Head, readHead } from './head.ts';
import type { Publishing } from './publishing.ts';
import { auditingRefusals } from './refusals.ts';

export interface ContractInput {
  readonly graphId: string;
  /** The contract's own name. */
  readonly variant: string;
  /** `null`: as it was. */
  readonly sourceVariant: string | null;
  readonly filter: ContractFilter;
  /** Whether it is built now, or with the next change of its source. */
  readonly launch: boolean;
  readonly actor: Principal;
}

export type ContractOutcome =
  | {
      /** None: it was not built, or came out as it was. */ readonly version: number | undefined;
      readonly description: string;
    }
  | { /** Why it cannot be made so; nothing was stored. */ readonly errors: readonly string[] };

const MOST_TAGS = 1_000;

/** Federation, "@tag": the names that a tag can have. */
const TAG = /^[A-Za-z_][A-Za-z0-9_/-]{0,127}$/;

/**
 * Makes a contract, or changes what it lets through.
 *
 * @throws {RegistryError} ACCESS_DENIED to a source that the actor may not read, NAME_INVALID, GRAPH_UNKNOWN, VARIANT_UNKNOWN,
 *   CONTRACT_INVALID, BUSY, DATABASE_UNAVAILABLE
 */
export async function upsertContract(p: Publishing, input: ContractInput): Promise<ContractOutcome> {
  const { graphId, variant, actor } = input;
  const deed = { actor: actor.name, action: 'contract.upsert', graphId, variant, details: {} };
  return auditingRefusals(p, deed, async () => {
    checkVariantName(variant);
    const errors = findProblems(input.filter);
    if (errors.length > 0) return { errors };
    const source = input.sourceVariant ?? (await readHead(p.database.query, graphId, variant)).sourceVariant;
    if (source === null)
      throw new RegistryError(
        'CONTRACT_INVALID',
        `${graphId}@${variant} is not there yet: say which variant it is made from.`,
      );
    // What a contract lets through, whoever may read the contract reads.
    demand(actor, 'read', { graphId, variant: source });
    return p.turns.take(`${graphId}@${source}`, () => untilCommitted(() => tryToUpsert(p, input, source)));
  });
}

async function tryToUpsert(
  p: Publishing,
  { graphId, variant, filter, launch, actor }: ContractInput,
  sourceVariant: string,
): Promise<ContractOutcome | 'overtaken'> {
  const { query } = p.database;
  const source = await readHead(query, graphId, sourceVariant);
  const head = await readHead(query, graphId, variant);
  checkHeads(source, head);
  const { served } = source;
  if (served === undefined || served.supergraph === null)
    return { errors: [`${graphId}@${sourceVariant} serves no supergraph yet, of which a contract could be made.`] };

  const composition = await p.buildContract(await readText(query, served.supergraph), filter);
  if ('errors' in composition) return { errors: composition.errors.map(({ message }) => message) };
  const { number: origin, subgraphs } = served;
  const change = { kind: 'contract', subgraph: null, origin, subgraphs, git: null, actor: actor.name } as const;
  const draft = await draftVersion(p, head, change, composition);
  const isBuilt = launch && draft.version.supergraph !== head.served?.supergraph;
  const isWritten = await commit(p, {
    from: source,
    drafts: isBuilt ? [draft] : [],
    contract: { head, filter },
    action: 'contract.upsert',
    actor: actor.name,
    details: { contract: variant, filter },
  });
  if (!isWritten) return 'overtaken';
  return { version: isBuilt ? draft.version.number : undefined, description: describeFilter(filter) };
}

/** @throws {RegistryError} */
function checkHeads(source: Head, contract: Head): void {
  const { graphId, variant, sourceVariant } = source;
  demandPublished(source);
  const ref = `${graphId}@${contract.variant}`;
  if (contract.variant === variant) throw invalid(`${ref} cannot be made from itself.`);
  if (sourceVariant !== null)
    throw invalid(`${graphId}@${variant} is a contract itself; make ${ref} from ${graphId}@${sourceVariant}.`);
  if (contract.sourceVariant === null && contract.newest !== undefined)
    throw invalid(`${ref} has subgraphs of its own; a contract needs a name of its own.`);
  if (contract.contracts.length > 0) throw invalid(`${ref} is the source of contracts itself.`);
}

const invalid = (message: string) => new RegistryError('CONTRACT_INVALID', message);

function findProblems({ include, exclude }: ContractFilter): string[] {
  if (include.length + exclude.length > MOST_TAGS) return [`A contract has ${MOST_TAGS} tags at most.`];
  const both = include.filter((tag) => exclude.includes(tag));
  return [
    ...[...include, ...exclude]
      .filter((tag) => !TAG.test(tag))
      .map((tag) => `"${tag.slice(0, 128)}" cannot be a tag: letters, digits, "_", "-" and "/", 128 at most.`),
    ...both.map((tag) => `The tag "${tag}" is both included and excluded.`),
    ...(include.length + exclude.length === 0 ? ['A contract needs a tag to include or to exclude.'] : []),
  ];
}

/** A filter in words. */
export function describeFilter({ include, exclude, hideUnreachableTypes }: ContractFilter): string {
  const list = (tags: readonly string[]) => (tags.length === 0 ? 'none' : tags.join(', '));
  return `Include: ${list(include)}. Exclude: ${list(exclude)}. Hide unreachable types: ${hideUnreachableTypes ? 'yes' : 'no'}.`;
}
