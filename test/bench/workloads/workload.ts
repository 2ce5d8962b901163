import type { GraphQLSchemaModule } from '@apollo/subgraph';

/** Real federated schemas over fixed data, and the query that is measured on them. */
export interface Workload {
  readonly name: string;
  /** What it stands for. */
  readonly title: string;
  readonly query: string;
  readonly subgraphs: Readonly<
    Record<string, { readonly sdl: string; readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']> }>
  >;
}

export const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable"])\n';
