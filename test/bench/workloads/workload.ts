import type { GraphQLSchemaModule } from '@apollo/subgraph';

export interface WorkloadSubgraph {
  readonly sdl: string;
  /** The same in the words of Federation 1, for a gateway that knows no other. */
  readonly federation1?: string;
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
  /** Its data are not fixed: no answer of it is remembered. */
  readonly isChanging?: boolean;
}

/** Real federated schemas over fixed data, and the query that is measured on them. */
export interface Workload {
  readonly name: string;
  /** What it stands for. */
  readonly title: string;
  readonly query: string;
  readonly subgraphs: Readonly<Record<string, WorkloadSubgraph>>;
  /** Subgraphs whose schemas say who may have what: what guarded gateways are started with in place of those of these names. */
  readonly guarded?: Readonly<Record<string, Pick<WorkloadSubgraph, 'sdl'>>>;
  /** Served beside them, for a graph that changes; in the graph that gateways are started with they are not. */
  readonly later?: Readonly<Record<string, WorkloadSubgraph>>;
}

export const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable"])\n';

/** With what says who may have what, and what is costly. */
export const GUARDED_LINK = LINK.replace('v2.3', 'v2.9').replace(
  '"@key"',
  '"@key", "@authenticated", "@requiresScopes", "@cost", "@listSize"',
);
