import type { Database } from '../../service/database.ts';

/** What asks and tells the database: the pool, or a transaction on one of its connections. */
export type Query = Pick<
  Database['query'],
  'select' | 'selectDistinct' | 'selectDistinctOn' | 'insert' | 'update' | 'delete' | 'execute'
>;
