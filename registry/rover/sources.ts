import type { ListedKey } from '../access/keys.ts';
import type { MappedType } from '../schema/type-map.ts';
import type { ListedCheck } from '../storage/checks.ts';
import type { GraphRow } from '../storage/graphs.ts';
import type { ListedSubgraph } from '../storage/tables.ts';
import type { VariantRow } from '../storage/variants.ts';
import type { VersionRow } from '../storage/versions.ts';
import type { ListedWebhook } from '../webhook/webhooks.ts';
import type { WebhookEvent } from './generated.ts';

/** What the types of rover's schema are resolved from; the others are given as they are answered. */

export type GraphSource = GraphRow;
export type GraphMutationSource = GraphRow;
export type GraphVariantSource = VariantRow;
export type GraphVariantMutationSource = VariantRow;

export interface GraphVariantSubgraphSource extends ListedSubgraph {
  /** Which of the registry's variants it is in. */
  readonly graphId: string;
  readonly variant: string;
  /** Of the variant, asked once for all its subgraphs. */
  readonly publishes: () => Promise<ReadonlyMap<string, VersionSource>>;
  readonly keys: () => Promise<readonly ListedKey[]>;
}

/** A version that rover asks for as a launch. */
export type LaunchSource = VersionRow;

/** The API schema of the supergraph that a variant serves. */
export interface SchemaPublicationSource {
  readonly variant: VariantRow;
  readonly supergraphSdl: string;
}

export interface VersionSource {
  readonly version: VersionRow;
  /** The number of the version that the variant serves. */
  readonly current: number | null;
}

/** The installation, as the owner of keys. */
export interface OrganizationSource {
  readonly id: string;
}

export type OrganizationMutationSource = OrganizationSource;

export interface PersistedQueryListMutationSource {
  readonly graphId: string;
  readonly listId: string;
}

/** How a launch ended; told from its version. */
export interface BuildSource {
  readonly result: VersionRow | null;
}

/** A check that was run. */
export type CheckWorkflowSource = ListedCheck;

/** A type of the supergraph that a variant serves. */
export interface SupergraphTypeSource {
  readonly variant: VariantRow;
  readonly type: MappedType;
}

/** Without its deliveries, which are looked up when they are asked for. */
export interface WebhookSource extends Omit<ListedWebhook, 'events'> {
  readonly events: readonly WebhookEvent[];
}
