import { audit } from '../access/audit.ts';
import { RegistryError } from '../errors.ts';
import { checkGraphId, checkLength } from '../names.ts';
import { type GraphRow, insertGraph } from '../storage/graphs.ts';
import { notify } from '../storage/notices.ts';
import type { Context } from './context.ts';
import { permitEverywhere } from './permit.ts';

/**
 * Makes a graph, without variants.
 *
 * @throws {RegistryError} NAME_INVALID, ACCESS_DENIED, and BAD_REQUEST when it is there already
 */
export async function createGraph({ id, title }: Pick<GraphRow, 'id' | 'title'>, context: Context): Promise<GraphRow> {
  checkGraphId(id);
  checkLength('The title of a graph', title, 200);
  const actor = await permitEverywhere(context, 'graph.create');
  const { database, current, now } = context;
  const row = { id, title, createdAt: now() };
  await database.query.transaction(async (transaction) => {
    if (!(await insertGraph(transaction, row))) {
      throw new RegistryError('BAD_REQUEST', `There is a graph "${id}" already.`);
    }
    await audit(
      transaction,
      { actor: actor.name, action: 'graph.create', graphId: id, variant: null, outcome: 'done', details: { title } },
      now(),
    );
    await notify(transaction, { kind: 'graph', graphId: id });
  });
  await current.refreshAll();
  return row;
}
