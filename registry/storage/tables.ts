import {
  bigint,
  bigserial,
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { CompositionError, CompositionHint } from '../../composition/compose.ts';

/**
 * The tables of the registry. A *variant* (`graph@variant`) is a list of subgraphs and the supergraph they compose to. Texts (SDL)
 * are *documents*, kept once by their hash. Everything that changes a variant makes a *version*; the variant names the one it serves.
 */
export const registry = pgSchema('registry');

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

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

/** A check that was run, with its result as the room of checks words it. */
export const check = registry.table(
  'check',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    graphId: text('graph_id').notNull(),
    variant: text('variant').notNull(),
    /** None for that of a whole schema. */
    subgraph: text('subgraph'),
    status: text('status', { enum: ['PENDING', 'PASSED', 'FAILED'] }).notNull(),
    /** By task; parsed by whoever reads it. */
    result: jsonb('result').notNull(),
    git: jsonb('git').$type<GitContext>(),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('check_variant').on(table.graphId, table.variant, table.createdAt)],
);

/** An operation that gateways have run: its text without literals, sent once. */
export const operation = registry.table(
  'operation',
  {
    graphId: text('graph_id')
      .notNull()
      .references(() => graph.id, { onDelete: 'cascade' }),
    /** SHA-256 of the normalised text, in hexadecimal. */
    hash: text('hash').notNull(),
    /** A small number that stands for it in `usage`. */
    id: bigserial('id', { mode: 'number' }).notNull(),
    name: text('name'),
    body: text('body').notNull(),
    /** Schema coordinates that it uses. */
    coordinates: text('coordinates').array().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.graphId, table.hash] }), uniqueIndex('operation_id').on(table.id)],
);

/** How often an operation ran, by client and day (UTC). */
export const usage = registry.table(
  'usage',
  {
    operationId: bigint('operation_id', { mode: 'number' })
      .notNull()
      .references(() => operation.id, { onDelete: 'cascade' }),
    variant: text('variant').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    /** Empty for a client that does not say. */
    clientName: text('client_name').notNull(),
    clientVersion: text('client_version').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.operationId, table.variant, table.day, table.clientName, table.clientVersion],
    }),
    index('usage_day').on(table.variant, table.day),
  ],
);

/** Which batches of usage were counted: one that is sent again is not counted again. */
export const usageReport = registry.table(
  'usage_report',
  {
    id: uuid('id').primaryKey(),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [index('usage_report_received_at').on(table.receivedAt)],
);

/** A gateway and the version that it says it runs. */
export const gateway = registry.table(
  'gateway',
  {
    graphId: text('graph_id').notNull(),
    variant: text('variant').notNull(),
    /** Drawn by the gateway when it starts. */
    instance: text('instance').notNull(),
    /** The id under which Uplink gave it the supergraph; none when it was not from here. */
    supergraphId: text('supergraph_id'),
    seenAt: instant('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.graphId, table.variant, table.instance] })],
);

/** What a key may do. `admin` is all of it, and keys, policies, contracts, webhooks and rollbacks besides. */
export const VERBS = ['read', 'check', 'publish', 'report', 'admin'] as const;
export type Verb = (typeof VERBS)[number];

export const key = registry.table('key', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** SHA-256 of the secret, in hexadecimal: the secret is shown once and kept nowhere. */
  hash: text('hash').notNull().unique(),
  name: text('name').notNull(),
  /** The first letters of the secret, to tell keys apart. */
  hint: text('hint').notNull(),
  /** `undefined` in each of the three: any. */
  graphId: text('graph_id').references(() => graph.id, { onDelete: 'cascade' }),
  variant: text('variant'),
  subgraph: text('subgraph'),
  verbs: text('verbs').$type<Verb>().array().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
});

/** Who did what, refused attempts included. */
export const auditEntry = registry.table(
  'audit_entry',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    /** `subgraph.publish`, `key.create`, … */
    action: text('action').notNull(),
    graphId: text('graph_id'),
    variant: text('variant'),
    /** `done`, or the code of the error. */
    outcome: text('outcome').notNull(),
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  (table) => [index('audit_entry_graph').on(table.graphId, table.at)],
);

export const webhook = registry.table('webhook', {
  id: uuid('id').primaryKey().defaultRandom(),
  graphId: text('graph_id')
    .notNull()
    .references(() => graph.id, { onDelete: 'cascade' }),
  /** None: every variant. */
  variant: text('variant'),
  url: text('url').notNull(),
  /** Signs what is sent. It has to be kept as it is: whoever reads this table can sign. */
  secret: text('secret').notNull(),
  /** `version.published`, `check.completed`, `version.rolledBack` */
  events: text('events').array().notNull(),
  createdAt: instant('created_at').notNull(),
});

/** An event on its way to a webhook, written with the change it tells of. */
export const delivery = registry.table(
  'delivery',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    webhookId: uuid('webhook_id')
      .notNull()
      .references(() => webhook.id, { onDelete: 'cascade' }),
    event: text('event').notNull(),
    body: jsonb('body').notNull(),
    state: text('state', { enum: ['waiting', 'delivered', 'given up'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** What the last attempt came to: a status, or an error. */
    lastOutcome: text('last_outcome'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('delivery_due').on(table.state, table.nextAttemptAt)],
);

export const persistedQueryList = registry.table('persisted_query_list', {
  id: uuid('id').primaryKey().defaultRandom(),
  graphId: text('graph_id')
    .notNull()
    .references(() => graph.id, { onDelete: 'cascade' }),
  name: text('name').notNull(),
  /** The variants that serve it. */
  variants: text('variants').array().notNull(),
  revision: integer('revision').notNull().default(0),
  createdAt: instant('created_at').notNull(),
});

export const persistedOperation = registry.table(
  'persisted_operation',
  {
    listId: uuid('list_id')
      .notNull()
      .references(() => persistedQueryList.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    /** Empty for one of any client. */
    clientName: text('client_name').notNull(),
    name: text('name').notNull(),
    type: text('type', { enum: ['QUERY', 'MUTATION', 'SUBSCRIPTION'] }).notNull(),
    body: text('body').notNull(),
    /** Cleared when a later manifest leaves it out. */
    isActive: boolean('is_active').notNull().default(true),
  },
  (table) => [primaryKey({ columns: [table.listId, table.id, table.clientName] })],
);
