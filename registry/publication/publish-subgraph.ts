import type { CompositionError, CompositionHint } from '../../composition/compose.ts';
import type { Principal } from '../access/principal.ts';
import { checkSubgraphName, checkVariantName } from '../names.ts';
import { hashOf } from '../storage/documents.ts';
import { storableGit, storableText } from '../storage/storable.ts';
import type { GitContext } from '../storage/tables.ts';
import { checkSchema } from './check-schema.ts';
import { commit, untilCommitted } from './commit.ts';
import { composeListed, withSubgraph } from './compose-listed.ts';
import { draftContracts, draftVersion } from './draft.ts';
import { demandNoContract, type Head, readHead } from './head.ts';
import type { Publishing } from './publishing.ts';
import { auditingRefusals } from './refusals.ts';

export interface PublishInput {
  readonly graphId: string;
  readonly variant: string;
  readonly name: string;
  /** `null`: as it was; empty: published without one. */
  readonly url: string | null;
  readonly sdl: string;
  readonly git: GitContext | null;
  readonly actor: Principal;
}

export interface PublishOutcome {
  /** None: nothing had changed. */
  readonly version: number | undefined;
  /** Of the subgraph's schema: SHA-256, in hexadecimal. */
  readonly schemaHash: string;
  /** Where it says that it is: any text, or none. */
  readonly url: string;
  /** Whether the variant had no subgraph of this name. */
  readonly wasCreated: boolean;
  /** Whether it had one, with another text or URL. */
  readonly wasUpdated: boolean;
  /** Whether another supergraph is served now. */
  readonly didUpdateSupergraph: boolean;
  /** Why it does not compose; the last supergraph that did is served. */
  readonly errors: readonly CompositionError[];
  readonly hints: readonly CompositionHint[];
  /** The version since which it does not compose, when nothing had changed. */
  readonly brokenSince: number | undefined;
  /** Whether the errors are this publish's to fail for: the policy of the variant says so, and the same is not served already. */
  readonly isError: boolean;
}

/**
 * Publishes a subgraph: makes a version of its variant, composed or with the errors why not. The first makes the variant. The same
 * text and URL again make no version.
 *
 * @throws {RegistryError} NAME_INVALID, SCHEMA_TOO_LARGE, SCHEMA_INVALID, GRAPH_UNKNOWN, CONTRACT_INVALID, BUSY, DATABASE_UNAVAILABLE
 */
export async function publishSubgraph(p: Publishing, input: PublishInput): Promise<PublishOutcome> {
  const { graphId, variant, name, actor, sdl } = input;
  const deed = { actor: actor.name, action: 'subgraph.publish', graphId, variant, details: { subgraph: name } };
  return auditingRefusals(p, deed, async () => {
    checkVariantName(variant);
    checkSubgraphName(name);
    await checkSchema(p, name, sdl);
    return p.turns.take(`${graphId}@${variant}`, () => untilCommitted(() => tryToPublish(p, input)));
  });
}

async function tryToPublish(p: Publishing, input: PublishInput): Promise<PublishOutcome | 'overtaken'> {
  const { graphId, variant, name, sdl, git, actor } = input;
  const head = await readHead(p.database.query, graphId, variant);
  demandNoContract(head, 'Publish to');
  const last = head.subgraphs.find((subgraph) => subgraph.name === name);
  const url = input.url === null ? (last?.url ?? '') : storableText(input.url);
  const hash = hashOf(sdl);
  if (last !== undefined && last.url === url && last.hash === hash) return tellAgain(head, last);

  const subgraphs = withSubgraph(head.subgraphs, { name, url, hash, updatedAt: p.now().toISOString() });
  const composition = await composeListed(p, subgraphs, sdl);
  const draft = await draftVersion(
    p,
    head,
    { kind: 'publish', subgraph: name, origin: null, subgraphs, git: storableGit(git), actor: actor.name },
    composition,
  );
  const contracts = 'supergraphSdl' in composition ? await draftContracts(p, draft, composition.supergraphSdl) : [];
  const { number, supergraph, errors, hints } = draft.version;
  const isWritten = await commit(p, {
    from: head,
    drafts: [{ ...draft, documents: [...draft.documents, sdl] }, ...contracts],
    action: 'subgraph.publish',
    actor: actor.name,
    details: { subgraph: name, version: number, errors: errors.length },
  });
  if (!isWritten) return 'overtaken';
  return {
    ...{ version: number, schemaHash: hash, url, wasCreated: last === undefined, wasUpdated: last !== undefined },
    didUpdateSupergraph: supergraph !== null && supergraph !== head.served?.supergraph,
    ...{ errors, hints, brokenSince: undefined, isError: errors.length > 0 && isStrict(head) },
  };
}

/** Of a publish that changes nothing. Rover may have sent it again, so it fails like the first time; a subgraph that is served as it is has broken nothing. */
function tellAgain({ newest, served, policy }: Head, { name, url, hash }: Head['subgraphs'][number]): PublishOutcome {
  const { errors = [], hints = [] } = newest ?? {};
  const isServed = served?.subgraphs.some((other) => other.name === name && other.url === url && other.hash === hash);
  return {
    ...{ version: undefined, schemaHash: hash, url, wasCreated: false, wasUpdated: false, didUpdateSupergraph: false },
    ...{ errors, hints, brokenSince: errors.length === 0 ? undefined : (served?.number ?? 0) + 1 },
    isError: errors.length > 0 && !isServed && isStrict({ policy }),
  };
}

const isStrict = ({ policy }: Pick<Head, 'policy'>) => policy.failedPublishIsError ?? false;
