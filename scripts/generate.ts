import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers';
import { buildASTSchema, isObjectType, parse, printSchema } from 'graphql';

/**
 * Writes `generated.ts` beside each `schema.graphql` (or the folder `schema/` of several): the types of its resolvers. A type of
 * the schema is resolved from the type of the same name with `Source` after it, where `sources.ts` exports one (`Order` ←
 * `OrderSource`), and the context is the `Context` of `resolvers.ts` (of `context.ts` in the registry).
 *
 * GraphQL Code Generator's core and two plugins, called from here: its command line would bring some 300 packages.
 */

const SUBGRAPHS = fileURLToPath(new URL('../subgraphs/', import.meta.url));

/** What resolvers take and give for each custom scalar; those of federation are added by the plugins, and no resolver meets them. */
const SCALARS = { DateTime: 'Date', Decimal: 'string', _FieldSet: 'unknown', _Any: 'unknown', FieldSet: 'unknown' };

const ROVER = fileURLToPath(new URL('../registry/rover', import.meta.url));

interface Schema {
  readonly folder: string;
  /** Relative to `folder`. */
  readonly files: readonly string[];
  /** The file that exports the type `Context`. */
  readonly context: string;
  readonly federation: boolean;
  readonly scalars: Readonly<Record<string, string>>;
}

for (const name of readdirSync(SUBGRAPHS)) {
  const folder = `${SUBGRAPHS}${name}`;
  if (!existsSync(`${folder}/schema.graphql`)) continue;
  await generate({ folder, files: ['schema.graphql'], context: 'resolvers.ts', federation: true, scalars: SCALARS });
}
await generate({
  folder: ROVER,
  files: globSync('schema/*.graphql', { cwd: ROVER }).sort(),
  context: 'context.ts',
  federation: false,
  scalars: { Timestamp: 'Date', GraphQLDocument: 'string', LintRule: 'string' },
});

async function generate({ folder, files, context, federation, scalars }: Schema): Promise<void> {
  // The federation directives stay undefined here; the plugins read only `@key`, from the syntax tree.
  const text = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('\n');
  const schema = buildASTSchema(parse(text), { assumeValidSDL: true, assumeValid: true });
  const sources = existsSync(`${folder}/sources.ts`) ? readFileSync(`${folder}/sources.ts`, 'utf8') : '';
  const mappers = Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(
        (type) => isObjectType(type) && new RegExp(`export (?:type|interface) ${type.name}Source\\b`).test(sources),
      )
      .map((type) => [type.name, `./sources.ts#${type.name}Source`]),
  );
  const types = await codegen({
    filename: `${folder}/generated.ts`,
    schema: parse(printSchema(schema)),
    schemaAst: schema,
    documents: [],
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      strictScalars: true,
      scalars,
      federation,
      mappers,
      contextType: `./${context}#Context`,
      emitLegacyCommonJSImports: false,
      importExtension: '.ts',
      avoidOptionals: { field: true, object: true },
      immutableTypes: true,
    },
    plugins: [{ typescript: {} }, { 'typescript-resolvers': {} }],
    pluginMap: { typescript, 'typescript-resolvers': typescriptResolvers },
  });
  writeFileSync(
    `${folder}/generated.ts`,
    `// Written by npm run generate from ${files.join(', ')}; not committed.\n${types}`,
  );
}
