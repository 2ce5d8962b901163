/** Where in the console somebody is: what stands behind the `#` of the address. */
export interface Route {
  readonly graphId: string;
  readonly variant: string;
  /** `graph`, `types`, `history`, … */
  readonly page: string;
  /** Which type, version or check. */
  readonly detail: string | undefined;
}

/** `#/GRAPH@VARIANT/PAGE/DETAIL`; without a variant it is the one that is looked for. */
export function readRoute(hash: string): Route | undefined {
  const [ref = '', page = '', detail] = hash.replace(/^#\/?/, '').split('/').map(decode);
  const [, graphId, variant = ''] = /^([^@]+)(?:@(.+))?$/.exec(ref) ?? [];
  return graphId === undefined ? undefined : { graphId, variant, page: page || 'graph', detail: detail || undefined };
}

/** A link to a page. */
export function linkTo(
  { graphId, variant }: Pick<Route, 'graphId' | 'variant'>,
  page: string,
  detail?: string | number,
): string {
  const parts = [`${graphId}@${variant}`, page, ...(detail === undefined ? [] : [String(detail)])];
  return `#/${parts.map((part) => encodeURIComponent(part).replaceAll('%40', '@')).join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
