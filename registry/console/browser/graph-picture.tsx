import { useContext, useMemo, useState } from 'preact/hooks';
import { layOut, PICTURE, type PicturedType, type PictureNode, type Ribbon } from './picture-layout.ts';
import { linkTo } from './route.ts';
import { showSome } from './show.ts';
import { Viewing } from './viewing.ts';

export interface GraphPictureProps {
  readonly subgraphs: readonly string[];
  readonly types: readonly PicturedType[];
}

type Side = 'subgraph' | 'type';

/** Which subgraph has which part of the entities and of the root types. Whatever is looked at stands out with all that runs through it. */
export function GraphPicture({ subgraphs, types }: GraphPictureProps) {
  const viewing = useContext(Viewing);
  const [looked, setLooked] = useState<{ readonly side: Side; readonly name: string }>();
  const picture = useMemo(() => layOut(subgraphs, types), [subgraphs, types]);
  const isLit = (ribbon: Ribbon) => looked !== undefined && ribbon[looked.side] === looked.name;
  const lit = new Set(
    picture.ribbons.filter(isLit).flatMap(({ subgraph, type }) => [`subgraph ${subgraph}`, `type ${type}`]),
  );

  const nodeOf = (side: Side) => (node: PictureNode) => (
    <Node
      key={node.name}
      side={side}
      node={node}
      isLit={lit.has(`${side} ${node.name}`)}
      href={linkTo(viewing, side === 'subgraph' ? 'subgraphs' : 'types', node.name)}
      caption={side === 'subgraph' ? captionOfSubgraph(node.name, types) : captionOfType(node.name, types)}
      streams={describeStreams(side, node, picture.ribbons)}
      onLook={(isLooking) => setLooked(isLooking ? { side, name: node.name } : undefined)}
    />
  );

  return (
    <figure
      class={looked === undefined ? 'picture' : 'picture is-looking'}
      aria-label="Subgraphs and the types that they share; the table of types says the same"
    >
      <div class="scroll">
        {/* biome-ignore lint/a11y/noSvgWithoutTitle: the figure is named, and a title would hang on the mouse over all of it. */}
        <svg viewBox={`0 0 ${PICTURE.width} ${picture.height}`}>
          <g>
            {picture.ribbons.map((ribbon) => (
              <path
                key={`${ribbon.subgraph} ${ribbon.type}`}
                d={ribbon.path}
                class={isLit(ribbon) ? 'ribbon is-lit' : 'ribbon'}
              />
            ))}
          </g>
          {picture.subgraphs.map(nodeOf('subgraph'))}
          {picture.types.map(nodeOf('type'))}
        </svg>
      </div>
      {picture.leftOut > 0 && (
        <figcaption class="note">{showSome(picture.leftOut, 'more entity', 'more entities')}: see Types.</figcaption>
      )}
    </figure>
  );
}

interface NodeProps {
  readonly side: Side;
  readonly node: PictureNode;
  readonly isLit: boolean;
  readonly href: string;
  readonly caption: string;
  /** What its streams say to whoever sees none. */
  readonly streams: string;
  readonly onLook: (isLooking: boolean) => void;
}

function Node({ side, node: { name, y, height }, isLit, href, caption, streams, onLook }: NodeProps) {
  const { width, nodeWidth } = PICTURE;
  const x = side === 'subgraph' ? 0 : width - nodeWidth;
  const middle = y + height / 2;
  return (
    <a
      class={isLit ? 'node is-lit' : 'node'}
      href={href}
      aria-description={streams}
      onMouseEnter={() => onLook(true)}
      onMouseLeave={() => onLook(false)}
      onFocus={() => onLook(true)}
      onBlur={() => onLook(false)}
    >
      <rect x={x + 0.5} y={y} width={nodeWidth - 1} height={height} rx="7" />
      <rect class="edge" x={side === 'subgraph' ? nodeWidth - 4 : x} y={y + 6} width="4" height={height - 12} rx="2" />
      <text class="name" x={x + 16} y={middle - 4}>
        {shorten(name)}
      </text>{' '}
      <text class="caption" x={x + 16} y={middle + 14}>
        {caption}
      </text>
    </a>
  );
}

function describeStreams(side: Side, { name }: PictureNode, ribbons: readonly Ribbon[]): string {
  const other = side === 'subgraph' ? 'type' : 'subgraph';
  const own = ribbons.filter((ribbon) => ribbon[side] === name);
  return own.map((ribbon) => `${ribbon[other]} (${showSome(ribbon.fieldCount, 'field')})`).join(', ');
}

/** Of all types, pictured or not. */
function captionOfSubgraph(name: string, types: readonly PicturedType[]): string {
  const shares = types.flatMap((type) => type.shares.filter(({ subgraph }) => subgraph === name));
  const fields = shares.reduce((sum, { fieldCount }) => sum + fieldCount, 0);
  return `${showSome(shares.length, 'type')} · ${showSome(fields, 'field')}`;
}

function captionOfType(name: string, types: readonly PicturedType[]): string {
  const { fieldCount = 0, shares = [] } = types.find((type) => type.name === name) ?? {};
  return `${showSome(fieldCount, 'field')} · ${showSome(shares.length, 'subgraph')}`;
}

const shorten = (name: string) => (name.length > 22 ? `${name.slice(0, 21)}…` : name);
