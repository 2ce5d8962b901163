import { audit } from '../access/audit.ts';
import { checkCoordinate } from '../check/check-coordinate.ts';
import { checkOverride, checkRoom } from '../check/check-override.ts';
import { RegistryError } from '../errors.ts';
import { checkLength } from '../names.ts';
import { checkRules } from '../schema/lint-rules.ts';
import { deleteOverride, listOverrides, putOverride } from '../storage/overrides.ts';
import type { VariantPolicy } from '../storage/tables.ts';
import { holdKnownVariant, readVariant, updateVariant } from '../storage/variants.ts';
import type { Resolvers, VariantPolicy as ShownPolicy, VariantPolicyInput } from './generated.ts';
import { permit } from './permit.ts';

const LONGEST_WINDOW_DAYS = 3_650;
const MOST_RULES = 100;

/** What an operator has decided for a variant: its policy, and changes that checks let through. */
export const operatorPolicy = {
  GraphVariant: {
    policy: ({ policy }) => toShownPolicy(policy),
    overrides: ({ graphId, name }, _arguments, { database }) => listOverrides(database.query, graphId, name),
  },
  GraphVariantMutation: {
    setPolicy: async ({ graphId, name: variant }, { policy: given }, context) => {
      const actor = await permit(context, 'admin', { graphId, variant }, 'variant.setPolicy');
      const { database, now } = context;
      return database.query.transaction(async (transaction) => {
        // Held: of two who set different things at once, neither is lost.
        if (!(await holdKnownVariant(transaction, graphId, variant)))
          throw new RegistryError('VARIANT_UNKNOWN', `${graphId}@${variant} was deleted meanwhile.`);
        const before = (await readVariant(transaction, graphId, variant))?.policy ?? {};
        const policy = applyPolicy(before, given);
        await updateVariant(transaction, graphId, variant, { policy });
        await audit(
          transaction,
          {
            ...{ actor: actor.name, action: 'variant.setPolicy', graphId, variant },
            ...{ outcome: 'done', details: { policy } },
          },
          now(),
        );
        return toShownPolicy(policy);
      });
    },

    addOverride: async (source, { code, coordinate, reason }, context) => {
      const { graphId, name: variant } = source;
      const actor = await permit(context, 'admin', { graphId, variant }, 'override.add');
      const { database, current, reading, now } = context;
      checkLength('The code of an override', code, 100);
      checkLength('The coordinate of an override', coordinate, 1_000);
      checkLength('The reason of an override', reason, 1_000);
      const row = { graphId, variant, code, coordinate, reason, actor: actor.name, createdAt: now() };
      checkOverride(row);
      await checkCoordinate({ query: database.query, current, threads: reading }, source, row);
      await database.query.transaction(async (transaction) => {
        // Held: two at once do not both take the last place.
        if (!(await holdKnownVariant(transaction, graphId, variant)))
          throw new RegistryError('VARIANT_UNKNOWN', `${graphId}@${variant} was deleted meanwhile.`);
        checkRoom(await listOverrides(transaction, graphId, variant), row);
        await putOverride(transaction, row);
        await audit(
          transaction,
          {
            ...{ actor: actor.name, action: 'override.add', graphId, variant },
            ...{ outcome: 'done', details: { code, coordinate, reason } },
          },
          now(),
        );
      });
      return row;
    },

    removeOverride: async ({ graphId, name: variant }, { code, coordinate }, context) => {
      const actor = await permit(context, 'admin', { graphId, variant }, 'override.remove');
      const { database, now } = context;
      return database.query.transaction(async (transaction) => {
        const wasThere = await deleteOverride(transaction, { graphId, variant, code, coordinate });
        await audit(
          transaction,
          {
            ...{ actor: actor.name, action: 'override.remove', graphId, variant },
            ...{ outcome: 'done', details: { code, coordinate, wasThere } },
          },
          now(),
        );
        return wasThere;
      });
    },
  },
} satisfies Resolvers;

/** What is left out stays, what is null goes. @throws {RegistryError} BAD_REQUEST */
function applyPolicy(before: VariantPolicy, given: VariantPolicyInput): VariantPolicy {
  const { usageWindowDays: days } = given;
  if (typeof days === 'number' && (days < 1 || days > LONGEST_WINDOW_DAYS)) {
    throw new RegistryError('BAD_REQUEST', `usageWindowDays is ${days}; it must be 1 to ${LONGEST_WINDOW_DAYS}.`);
  }
  if ((given.lint?.length ?? 0) > MOST_RULES)
    throw new RegistryError('BAD_REQUEST', `A policy has ${MOST_RULES} rules of lint at most.`);
  for (const { rule } of given.lint ?? []) checkLength('The name of a rule', rule, 100);
  const lint = given.lint && Object.fromEntries(given.lint.map(({ rule, level }) => [rule, level]));
  checkRules(Object.keys(lint ?? {}));
  const merged = { ...before, ...dropUndefined({ ...given, lint }) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

function dropUndefined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

function toShownPolicy({ failedPublishIsError = false, usageWindowDays, lint = {} }: VariantPolicy): ShownPolicy {
  return {
    failedPublishIsError,
    usageWindowDays: usageWindowDays ?? null,
    lint: Object.entries(lint).map(([rule, level]) => ({ rule, level })),
  };
}
