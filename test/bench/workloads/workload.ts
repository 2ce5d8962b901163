import type { GraphQLSchemaModule } from '@apollo/subgraph';

export interface WorkloadSubgraph {
  readonly sdl: string;
  /** The same in the words of Federation 1, for a gateway that knows no other. */
  readonly federation1?: string;
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
}

/** Real federated schemas over fixed data, and the query that is measured on them. */
export interface Workload {
  readonly name: string;
  /** What it stands for. */
  readonly title: string;
  readonly query: string;
  readonly subgraphs: Readonly<Record<string, WorkloadSubgraph>>;
  /** Served beside them, for a graph that changes; in the graph that gateways are started with they are not. */
  readonly later?: Readonly<Record<string, WorkloadSubgraph>>;
}

export const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable"])\n';
