import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers';
import { buildASTSchema, isObjectType, parse, printSchema } from 'graphql';

/**
 * Writes `generated.ts` beside each `schema.graphql`: the types of its resolvers. A type of the schema is resolved from the
 * type of the same name with `Source` after it, where `sources.ts` exports one (`Order` ← `OrderSource`), and the
 * context is the `Context` of `resolvers.ts`.
 *
 * GraphQL Code Generator's core and two plugins, called from here: its command line would bring some 300 packages.
 */

const SUBGRAPHS = fileURLToPath(new URL('../subgraphs/', import.meta.url));

/** What resolvers take and give for each custom scalar; those of federation are added by the plugins, and no resolver meets them. */
const SCALARS = { DateTime: 'Date', Decimal: 'string', _FieldSet: 'unknown', _Any: 'unknown', FieldSet: 'unknown' };

for (const name of readdirSync(SUBGRAPHS)) {
  if (existsSync(`${SUBGRAPHS}${name}/schema.graphql`)) await generate(`${SUBGRAPHS}${name}`);
}

async function generate(folder: string): Promise<void> {
  // The federation directives stay undefined here; the plugins read only `@key`, from the syntax tree.
  const schema = buildASTSchema(parse(readFileSync(`${folder}/schema.graphql`, 'utf8')), {
    assumeValidSDL: true,
    assumeValid: true,
  });
  const sources = existsSync(`${folder}/sources.ts`) ? readFileSync(`${folder}/sources.ts`, 'utf8') : '';
  const mappers = Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(
        (type) => isObjectType(type) && new RegExp(`export (?:type|interface) ${type.name}Source\\b`).test(sources),
      )
      .map((type) => [type.name, `./sources.ts#${type.name}Source`]),
  );
  const text = await codegen({
    filename: `${folder}/generated.ts`,
    schema: parse(printSchema(schema)),
    schemaAst: schema,
    documents: [],
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      strictScalars: true,
      scalars: SCALARS,
      federation: true,
      mappers,
      contextType: './resolvers.ts#Context',
      emitLegacyCommonJSImports: false,
      importExtension: '.ts',
      avoidOptionals: { field: true, object: true },
    },
    plugins: [{ typescript: {} }, { 'typescript-resolvers': {} }],
    pluginMap: { typescript, 'typescript-resolvers': typescriptResolvers },
  });
  writeFileSync(
    `${folder}/generated.ts`,
    `// Written by npm run generate from schema.graphql; not committed.\n${text}`,
  );
}
