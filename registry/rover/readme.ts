import { checkLength } from '../names.ts';
import { readReadme, writeReadme } from '../storage/readme.ts';
import { readVariant } from '../storage/variants.ts';
import type { Resolvers } from './generated.ts';
import { permit } from './permit.ts';

/** In characters. It is read with its variant, whatever of that is asked for. */
const LONGEST_README = 200_000;

/** `readme fetch` and `readme publish`. */
export const readme = {
  GraphVariant: {
    readme: async ({ graphId, name }, _arguments, { database }) => {
      const found = await readReadme(database.query, graphId, name);
      return { content: found?.content ?? '', lastUpdatedTime: found?.updatedAt ?? null };
    },
  },
  GraphVariantMutation: {
    updateVariantReadme: async ({ graphId, name }, { readme: content }, context) => {
      const { database, now } = context;
      await permit(context, 'publish', { graphId, variant: name }, 'readme.publish');
      checkLength('The readme', content, LONGEST_README);
      await writeReadme(database.query, graphId, name, { content, updatedAt: now() });
      return (await readVariant(database.query, graphId, name)) ?? null;
    },
  },
} satisfies Resolvers;
