/** A type, and how many of its fields each subgraph has. */
export interface PicturedType {
  readonly name: string;
  readonly kind: string;
  readonly isEntity: boolean;
  readonly fieldCount: number;
  readonly shares: readonly { readonly subgraph: string; readonly fieldCount: number }[];
}

export interface PictureNode {
  readonly name: string;
  readonly y: number;
  readonly height: number;
}

/** What a subgraph has of a type, as a stream from the one to the other. */
export interface Ribbon {
  readonly subgraph: string;
  readonly type: string;
  readonly fieldCount: number;
  /** The path of its outline. */
  readonly path: string;
}

export interface Picture {
  readonly height: number;
  readonly subgraphs: readonly PictureNode[];
  readonly types: readonly PictureNode[];
  readonly ribbons: readonly Ribbon[];
  /** How many types have no place in it. */
  readonly leftOut: number;
}

/** In units of the drawing. */
export const PICTURE = { width: 1000, nodeWidth: 200 } as const;

const ROOTS = ['Query', 'Mutation', 'Subscription'];
const MOST_TYPES = 20;
const GAP = 14;
const LEAST_HEIGHT = 48;
const MARGIN = 8;

interface Flow {
  readonly subgraph: string;
  readonly type: string;
  readonly fieldCount: number;
  readonly width: number;
}

type End = 'subgraph' | 'type';

/** Subgraphs on the left, on the right where requests begin and the entities; between them what comes from where. */
export function layOut(subgraphs: readonly string[], types: readonly PicturedType[]): Picture {
  const candidates = types.filter(
    ({ name, isEntity, kind }) => kind === 'OBJECT' && (isEntity || ROOTS.includes(name)),
  );
  const shown = [...candidates].sort(byImportance).slice(0, MOST_TYPES);
  const flows = shown.flatMap(({ name, shares }) =>
    shares
      .filter(({ subgraph, fieldCount }) => fieldCount > 0 && subgraphs.includes(subgraph))
      .map(({ subgraph, fieldCount }): Flow => ({ subgraph, type: name, fieldCount, width: widthOf(fieldCount) })),
  );
  const order = arrange(subgraphs, shown, flows);
  const columns = {
    subgraph: stack(order.subgraphs, (name) => widthAt(flows, 'subgraph', name)),
    type: stack(order.types, (name) => widthAt(flows, 'type', name)),
  };
  const height = Math.max(columns.subgraph.height, columns.type.height);
  const left = spread(columns.subgraph, height);
  const right = spread(columns.type, height);
  // From above to below on either side, so that streams of one node cross as little as they can.
  const starts = place(flows, 'subgraph', left, order.types);
  const ends = place(flows, 'type', right, order.subgraphs);
  return {
    height,
    subgraphs: left,
    types: right,
    ribbons: flows.map((flow) => ({
      ...{ subgraph: flow.subgraph, type: flow.type, fieldCount: flow.fieldCount },
      path: outline(starts.get(flow) ?? 0, ends.get(flow) ?? 0, flow.width),
    })),
    leftOut: candidates.length - shown.length,
  };
}

/** Where requests begin, then what most subgraphs share. */
function byImportance(a: PicturedType, b: PicturedType): number {
  const isRoot = (type: PicturedType) => Number(ROOTS.includes(type.name));
  return isRoot(b) - isRoot(a) || b.shares.length - a.shares.length || b.fieldCount - a.fieldCount;
}

/** Where requests begin is above; the rest as high as its other ends are on the average, which crosses few streams (Sugiyama's barycentres). */
function arrange(names: readonly string[], shown: readonly PicturedType[], flows: readonly Flow[]) {
  const roots = ROOTS.filter((root) => shown.some(({ name }) => name === root));
  let entities = shown.map(({ name }) => name).filter((name) => !roots.includes(name));
  let subgraphs = [...names];
  for (let round = 0; round < 4; round++) {
    subgraphs = sortBy(subgraphs, (name) => meanPlace(flows, 'subgraph', name, entities));
    entities = sortBy(entities, (name) => meanPlace(flows, 'type', name, subgraphs));
  }
  return { subgraphs, types: [...roots, ...entities] };
}

function meanPlace(flows: readonly Flow[], end: End, name: string, others: readonly string[]): number {
  const other = end === 'type' ? 'subgraph' : 'type';
  const own = flows.filter((flow) => flow[end] === name && others.includes(flow[other]));
  const weight = own.reduce((sum, { fieldCount }) => sum + fieldCount, 0);
  return own.reduce((sum, flow) => sum + others.indexOf(flow[other]) * flow.fieldCount, 0) / (weight || 1);
}

function sortBy(names: readonly string[], rankOf: (name: string) => number): string[] {
  const ranks = new Map(names.map((name) => [name, rankOf(name)]));
  return [...names].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}

/** A hundred fields are broader than one, and do not drown it. */
const widthOf = (fieldCount: number) => 3 + 2.4 * Math.sqrt(fieldCount);

function widthAt(flows: readonly Flow[], end: End, name: string): number {
  return flows.filter((flow) => flow[end] === name).reduce((sum, { width }) => sum + width, 0);
}

function stack(names: readonly string[], widthOfStreams: (name: string) => number) {
  let y = MARGIN;
  const nodes = names.map((name): PictureNode => {
    const node = { name, y, height: Math.max(LEAST_HEIGHT, widthOfStreams(name) + 12) };
    y += node.height + GAP;
    return node;
  });
  return { nodes, height: y - GAP + MARGIN };
}

/** Over the whole height rather than gathered in the middle: streams run flatter. */
function spread({ nodes, height }: ReturnType<typeof stack>, over: number): PictureNode[] {
  const spare = nodes.length > 0 ? (over - height) / nodes.length : 0;
  return nodes.map((node, index) => ({ ...node, y: node.y + spare * (index + 0.5) }));
}

/** Where each stream meets its node on one side. */
function place(flows: readonly Flow[], end: End, nodes: readonly PictureNode[], others: readonly string[]) {
  const other = end === 'type' ? 'subgraph' : 'type';
  const places = new Map<Flow, number>();
  for (const { name, y, height } of nodes) {
    const own = flows.filter((flow) => flow[end] === name);
    let at = y + (height - widthAt(flows, end, name)) / 2;
    for (const flow of own.sort((a, b) => others.indexOf(a[other]) - others.indexOf(b[other]))) {
      places.set(flow, at);
      at += flow.width;
    }
  }
  return places;
}

function outline(from: number, to: number, width: number): string {
  const { width: end, nodeWidth } = PICTURE;
  const [x0, x1] = [nodeWidth, end - nodeWidth];
  const bend = (x1 - x0) * 0.45;
  const at = (value: number) => Math.round(value * 10) / 10;
  return [
    `M${x0} ${at(from)}`,
    `C${x0 + bend} ${at(from)} ${x1 - bend} ${at(to)} ${x1} ${at(to)}`,
    `V${at(to + width)}`,
    `C${x1 - bend} ${at(to + width)} ${x0 + bend} ${at(from + width)} ${x0} ${at(from + width)}`,
    'Z',
  ].join('');
}
