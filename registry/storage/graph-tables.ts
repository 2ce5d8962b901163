import { foreignKey, integer, jsonb, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core';
import type { CompositionError, CompositionHint } from '../../composition/compose.ts';
import { instant } from './column.ts';

/**
 * Graphs and what they are made of. A *variant* (`graph@variant`) is a list of subgraphs and the supergraph they compose to. Texts (SDL)
 * are *documents*, kept once by their hash. Everything that changes a variant makes a *version*; the variant names the one it serves.
 */
export const registry = pgSchema('registry');

/** A text by its content: the SDL of a subgraph, of a supergraph. */
export const document = registry.table('document', {
  /** SHA-256 of the text in UTF-8, in hexadecimal. */
  hash: text('hash').primaryKey(),
  body: text('body').notNull(),
});

export const graph = registry.table('graph', {
  /** As in a graph ref, before the `@`. */
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** What a contract lets through of its source. */
export interface ContractFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly hideUnreachableTypes: boolean;
}

/** What an operator has set for a variant; what is left out has its default. */
export interface VariantPolicy {
  /** Whether a publish that does not compose makes rover end with 1 (and is kept all the same); false: with 0 and a warning. */
  readonly failedPublishIsError?: boolean;
  /** Rules of lint by name: `ERROR`, `WARNING` or `OFF`. */
  readonly lint?: Readonly<Record<string, 'ERROR' | 'WARNING' | 'OFF'>>;
  /** How far back a check looks for operations, in days. */
  readonly usageWindowDays?: number;
}

export const variant = registry.table(
  'variant',
  {
    graphId: text('graph_id')
      .notNull()
      .references(() => graph.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The number of the newest version; whoever writes a version says which one it has seen. */
    revision: integer('revision').notNull().default(0),
    /** The number of the version whose supergraph is served; none before the first that composes. */
    current: integer('current'),
    policy: jsonb('policy').$type<VariantPolicy>().notNull().default({}),
    readme: text('readme').notNull().default(''),
    readmeUpdatedAt: instant('readme_updated_at'),
    /** A contract: made of this variant of the same graph by `filter`. */
    sourceVariant: text('source_variant'),
    filter: jsonb('filter').$type<ContractFilter>(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.graphId, table.name] })],
);

/** A subgraph as a version lists it. */
export interface ListedSubgraph {
  readonly name: string;
  /** Empty for one that was published without. */
  readonly url: string;
  /** Names a document. */
  readonly hash: string;
  /** ISO 8601: when this text or URL was published. */
  readonly updatedAt: string;
}

/** Where a change was made, as rover tells it. */
export interface GitContext {
  readonly branch: string | null;
  readonly commit: string | null;
  readonly committer: string | null;
  readonly message: string | null;
  readonly remoteUrl: string | null;
}

/** One difference between two API schemas. */
export interface ListedChange {
  /** `FIELD_REMOVED`, `ARG_ADDED`, … */
  readonly code: string;
  /** A schema coordinate (GraphQL, "Schema Coordinates"): `Type.field(argument:)`. */
  readonly coordinate: string;
  readonly description: string;
  readonly isBreaking: boolean;
}

/** One change of a variant: never altered once written. */
export const version = registry.table(
  'version',
  {
    graphId: text('graph_id').notNull(),
    variant: text('variant').notNull(),
    /** 1, 2, … per variant. */
    number: integer('number').notNull(),
    kind: text('kind', { enum: ['publish', 'delete', 'rollback', 'contract'] }).notNull(),
    /** Which subgraph was published or deleted. */
    subgraph: text('subgraph'),
    /** The number of the version that a rollback restored, or the source's that a contract was made of. */
    origin: integer('origin'),
    subgraphs: jsonb('subgraphs').$type<readonly ListedSubgraph[]>().notNull(),
    /** The composed supergraph, a document; none when it did not compose. */
    supergraph: text('supergraph').references(() => document.hash),
    errors: jsonb('errors').$type<readonly CompositionError[]>().notNull(),
    hints: jsonb('hints').$type<readonly CompositionHint[]>().notNull(),
    /** To the API schema that was served before. */
    changes: jsonb('changes').$type<readonly ListedChange[]>().notNull(),
    git: jsonb('git').$type<GitContext>(),
    /** The name of the key that did it, as it was then. */
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.graphId, table.variant, table.number] }),
    foreignKey({
      columns: [table.graphId, table.variant],
      foreignColumns: [variant.graphId, variant.name],
      name: 'version_variant_fk',
    }).onDelete('cascade'),
  ],
);

/** A change that was looked at and is let through: no check fails for it. */
export const override = registry.table(
  'override',
  {
    graphId: text('graph_id').notNull(),
    variant: text('variant').notNull(),
    code: text('code').notNull(),
    coordinate: text('coordinate').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.graphId, table.variant, table.code, table.coordinate] })],
);
