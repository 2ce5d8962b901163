/**
 * Operations on the graph of W1 that a gateway has not seen: each text once, and no two of one shape of plan for want of
 * another name. The same number gives the same operations.
 */
export function coldOperations(count: number, seed = 1): readonly string[] {
  const random = createRandom(seed);
  const pick = (fields: readonly string[]) => fields.filter(() => random() < 0.5);
  const selection = (fields: readonly string[], key: string, ...nested: readonly string[]) =>
    `{ ${[key, ...pick(fields), ...nested].join(' ')} }`;
  const product = (depth: number): string =>
    selection(
      ['name', 'price', 'weight', 'inStock', 'shippingEstimate'],
      'upc',
      ...(depth > 0 && random() < 0.7 ? [`reviews ${review(depth - 1)}`] : []),
    );
  const user = (depth: number): string =>
    selection(
      ['name', 'username', 'birthday', 'numberOfReviews'],
      'id',
      ...(depth > 0 && random() < 0.7 ? [`reviews ${review(depth - 1)}`] : []),
    );
  const review = (depth: number): string =>
    selection(
      ['body'],
      'id',
      ...(random() < 0.6 ? [`author ${user(depth)}`] : []),
      ...(random() < 0.6 ? [`product ${product(depth)}`] : []),
    );
  return Array.from(
    { length: count },
    (_, index) =>
      `query Cold${seed}_${index} { users ${user(2)} a${index}: topProducts(first: ${1 + (index % 9)}) ${product(2)} }`,
  );
}

/** Mulberry32: a small generator whose numbers depend on nothing but the seed. */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
