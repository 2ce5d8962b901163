import { RegistryError } from '../errors.ts';
import { deleteVariant } from '../publication/delete-variant.ts';
import { type PublishOutcome, publishSubgraph } from '../publication/publish-subgraph.ts';
import { removeSubgraph } from '../publication/remove-subgraph.ts';
import type { GitContext } from '../storage/tables.ts';
import type { GitContextInput, InputMaybe, Resolvers } from './generated.ts';
import { permit } from './permit.ts';

/** `subgraph publish`, `subgraph delete` and `graph delete`. Rover sends both again when it hears no answer: doing them twice changes nothing. */
export const publish = {
  GraphMutation: {
    publishSubgraph: async ({ id: graphId }, { name, url, activePartialSchema, graphVariant, gitContext }, context) => {
      const target = { graphId, variant: graphVariant, subgraph: name };
      const actor = await permit(context, 'publish', target, 'subgraph.publish');
      const outcome = await publishSubgraph(context.publishing, {
        graphId,
        variant: graphVariant,
        name,
        url: url ?? null,
        sdl: activePartialSchema.sdl ?? '',
        git: toGitContext(gitContext),
        actor,
      });
      const ref = `${graphId}@${graphVariant}`;
      if (outcome.isError) throw notComposed(ref, outcome);
      const launchUrl = `${context.frontendUrl()}/graph/${graphId}/service-list`;
      return {
        compositionConfig: { schemaHash: outcome.schemaHash },
        errors: outcome.errors,
        updatedGateway: outcome.didUpdateSupergraph,
        wasCreated: outcome.wasCreated,
        wasUpdated: outcome.wasUpdated,
        launchUrl,
        launchCliCopy: describeOutcome(ref, name, outcome, launchUrl),
      };
    },

    removeImplementingServiceAndTriggerComposition: async (
      { id: graphId },
      { graphVariant, name, dryRun },
      context,
    ) => {
      const target = { graphId, variant: graphVariant, subgraph: name };
      const actor = await permit(context, 'publish', target, 'subgraph.delete');
      const removal = { graphId, variant: graphVariant, name, dryRun, actor };
      const { errors, didUpdateSupergraph } = await removeSubgraph(context.publishing, removal);
      return { errors, updatedGateway: didUpdateSupergraph };
    },

    uploadSchema: ({ id: graphId }, { tag }) => ({
      code: 'FEDERATED_GRAPHS_ONLY',
      message: `This registry holds federated graphs only. Publish each subgraph of ${graphId}@${tag} with "rover subgraph publish".`,
      success: false,
      publication: null,
    }),
  },
  GraphVariantMutation: {
    delete: async ({ graphId, name: variant }, _arguments, context) => {
      const actor = await permit(context, 'admin', { graphId, variant }, 'variant.delete');
      return { deleted: await deleteVariant(context.publishing, { graphId, variant, actor }) };
    },
  },
} satisfies Resolvers;

/** Where a change was made, without what rover did not know. */
export function toGitContext(input: InputMaybe<GitContextInput>): GitContext | null {
  if (input === null || input === undefined) return null;
  const { branch, commit, committer, message, remoteUrl } = input;
  const git = {
    branch: branch ?? null,
    commit: commit ?? null,
    committer: committer ?? null,
    message: message ?? null,
    remoteUrl: remoteUrl == null ? null : withoutCredentials(remoteUrl),
  };
  return Object.values(git).every((value) => value === null) ? null : git;
}

/** As far as the last `@` before the path: a user's name may be an address. Rover leaves them out of what it finds in a repository, and not of what it is told by its environment. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/** What rover prints after the rest. */
function describeOutcome(ref: string, subgraph: string, outcome: PublishOutcome, launchUrl: string): string | null {
  const { version, brokenSince, url } = outcome;
  const lines = [
    ...(version === undefined ? [] : [`This is version ${version} of ${ref}: ${launchUrl}`]),
    ...(brokenSince === undefined ? [] : [`${describeBroken(ref, brokenSince)}.`]),
    ...(isAddress(url) ? [] : [describeUnreachable(subgraph, url)]),
  ];
  return lines.length === 0 ? null : lines.join('\n');
}

const isAddress = (url: string) => /^https?:$/.test(URL.parse(url)?.protocol ?? '');

/** It was asked for (`--no-url`, `--allow-invalid-routing-url`), and is right for gateways that have the address by their own configuration. */
function describeUnreachable(subgraph: string, url: string): string {
  const what = url === '' ? 'has no routing URL' : `has the routing URL "${url}", which is no http or https address`;
  return `WARNING: "${subgraph}" ${what}. A gateway refuses such a supergraph and keeps the one before, unless its own upstream.${subgraph}.urls says where the subgraph is. To give it one, publish again with --routing-url https://…`;
}

function notComposed(ref: string, { errors, version, brokenSince }: PublishOutcome): RegistryError {
  const what =
    brokenSince === undefined
      ? `It was published as version ${version}, and the subgraphs do not compose`
      : describeBroken(ref, brokenSince);
  return new RegistryError(
    'NOT_COMPOSED',
    [`${what}:`, ...errors.map(({ code, message }) => `${code}: ${message}`)].join('\n'),
  );
}

const describeBroken = (ref: string, since: number) =>
  `Nothing changed; ${ref} does not compose since version ${since}`;
