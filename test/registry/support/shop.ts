/** Subgraphs that compose, each with a change that does not. */

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])';

export const USERS = `${LINK}
type Query {
  me: User @tag(name: "public")
}
type User @key(fields: "id") @tag(name: "public") {
  id: ID! @tag(name: "public")
  name: String
}
`;

export const PRODUCTS = `${LINK}
type Query {
  topProduct: Product
}
type Product @key(fields: "upc") {
  upc: ID!
  owner: User
}
type User @key(fields: "id", resolvable: false) {
  id: ID!
}
`;

/** GraphQL, with a key that names no field. */
export const UNCOMPOSABLE = USERS.replace('@key(fields: "id")', '@key(fields: "number")');
