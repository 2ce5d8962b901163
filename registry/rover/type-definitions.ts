import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildASTSchema, concatAST, type DocumentNode, type GraphQLSchema, parse } from 'graphql';

const FOLDER = fileURLToPath(new URL('./schema/', import.meta.url));

/** The types that rover and operators ask by: all files of `schema/` as one document. */
export function readTypeDefinitions(): DocumentNode {
  const files = globSync('*.graphql', { cwd: FOLDER }).sort();
  return concatAST(files.map((file) => parse(readFileSync(join(FOLDER, file), 'utf8'))));
}

/** The same as a schema without resolvers. */
export function readSchema(): GraphQLSchema {
  return buildASTSchema(readTypeDefinitions());
}
