import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { allows, demand, type Principal } from '../access/principal.ts';
import { readCheck } from '../check/check-record.ts';
import { RegistryError } from '../errors.ts';
import { readGraph } from '../storage/graphs.ts';
import { listPersistedLists } from '../storage/persisted-queries.ts';
import { listSubgraphs } from '../storage/subgraphs.ts';
import { toRegistryError } from '../storage/unavailable.ts';
import { listVariants } from '../storage/variants.ts';
import { type Rooms, readKey } from './context.ts';
import { type Html, html } from './html.ts';

/** Nothing runs on these pages, and nothing is loaded. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * The pages that rover's output names. A browser is sent on to the console; whoever brings a key, as rover does or as the password of
 * any user, gets the same as plain tables.
 */
export function servePages(app: FastifyInstance, rooms: Rooms): void {
  for (const page of ['service-list', 'settings', 'settings/variant']) {
    app.get<{ Params: { graph: string } }>(`/graph/:graph/${page}`, (request, reply) =>
      leadsToConsole(request)
        ? reply.redirect(consoleLink(request.params.graph))
        : forReader(request, reply, rooms, (principal) => showGraph(request.params.graph, principal, rooms)),
    );
  }
  app.get<{ Params: { graph: string } }>('/graph/:graph/persisted-queries', (request, reply) =>
    forReader(request, reply, rooms, (principal) => showPersistedLists(request.params.graph, principal, rooms)),
  );
  app.get<{ Params: { graph: string; check: string } }>('/graph/:graph/checks/:check', (request, reply) =>
    leadsToConsole(request)
      ? reply.redirect(consoleLink(request.params.graph, 'checks', request.params.check))
      : forReader(request, reply, rooms, (principal) => showCheck(request.params, principal, rooms)),
  );
}

/** Somebody who follows a link, without a key. */
function leadsToConsole(request: FastifyRequest): boolean {
  const { authorization, accept = '' } = request.headers;
  return authorization === undefined && readKey(request) === undefined && accept.includes('text/html');
}

/** Where the console shows it: without a variant, that is the graph's first. */
function consoleLink(...parts: readonly string[]): string {
  return `/#/${parts.map(encodeURIComponent).join('/')}`;
}

interface Page {
  readonly title: string;
  readonly body: Html;
}

async function showGraph(
  id: string,
  principal: Principal | undefined,
  { database, now }: Rooms,
): Promise<Page | undefined> {
  const reader = demand(principal, 'read', { graphId: id });
  const { query } = database;
  const graph = await readGraph(query, id);
  if (graph === undefined) return undefined;
  const variants = (await listVariants(query, id)).filter(({ name: variant }) =>
    allows(reader, 'read', { graphId: id, variant }),
  );
  const sections = variants.map(async ({ name, current, revision, sourceVariant }) => {
    const rows = ((await listSubgraphs(query, id, name)) ?? []).map(
      (subgraph) => html`<tr><td>${subgraph.name}<td>${subgraph.url}<td>${subgraph.updatedAt}`,
    );
    const isShown = sourceVariant !== null && allows(reader, 'read', { graphId: id, variant: sourceVariant });
    const origin = isShown ? ` A contract made from ${sourceVariant}.` : '';
    return html`<h2>${id}@${name}</h2>
<p>${current === null ? 'It serves nothing yet' : `It serves version ${current}`}; the newest is ${revision}.${origin}</p>
<table><tr><th>Subgraph<th>Routing URL<th>Published${rows}</table>`;
  });
  const body = html`${await Promise.all(sections)}<p>As of ${now().toISOString()}.</p>`;
  return { title: graph.title, body };
}

/** Rover sends people here who publish to a variant without a list. */
async function showPersistedLists(
  id: string,
  principal: Principal | undefined,
  { database, frontendUrl }: Rooms,
): Promise<Page | undefined> {
  const reader = demand(principal, 'read', { graphId: id });
  if ((await readGraph(database.query, id)) === undefined) return undefined;
  const rows = (await listPersistedLists(database.query, id)).map(
    ({ id: listId, name, variants, revision }) =>
      html`<tr><td>${name}<td>${listId}<td>${variants.filter((variant) => allows(reader, 'read', { graphId: id, variant })).join(', ')}<td>${revision}`,
  );
  const mutation = `mutation { graph(id: "${id}") { createPersistedQueryList(name: "clients", variants: ["current"]) { id } } }`;
  const body = html`<table><tr><th>List<th>Id<th>Variants that serve it<th>Revision${rows}</table>
<p>An administrator of the graph makes a list by GraphQL at ${frontendUrl()}, with the key in <code>x-api-key</code>; then a manifest is published to it:</p>
<pre>${mutation}
rover persisted-queries publish ${id}@current --manifest FILE</pre>`;
  return { title: `Persisted queries of ${id}`, body };
}

async function showCheck(
  { graph, check }: { readonly graph: string; readonly check: string },
  principal: Principal | undefined,
  { database }: Rooms,
): Promise<Page | undefined> {
  const reader = demand(principal, 'read', { graphId: graph });
  const record = await readCheck(database.query, graph, check);
  if (record === undefined || !allows(reader, 'read', { graphId: graph, variant: record.variant })) return undefined;
  const { status, tasks } = record;
  return { title: `Check of ${graph}: ${status}`, body: html`<pre>${JSON.stringify(tasks, null, 2)}</pre>` };
}

async function forReader(
  request: FastifyRequest,
  reply: FastifyReply,
  { keys }: Rooms,
  show: (principal: Principal | undefined) => Promise<Page | undefined>,
): Promise<FastifyReply> {
  try {
    const page = await show(await keys.identify(readPassword(request) ?? readKey(request)));
    if (page !== undefined) return send(reply, page.title, page.body);
    return send(reply.code(404), 'Not found', html`<p>The registry knows nothing of this name.</p>`);
  } catch (thrown) {
    const error = toRegistryError(thrown);
    if (!(error instanceof RegistryError)) throw error;
    if (error.code === 'KEY_INVALID') {
      void reply.code(401).header('www-authenticate', 'Basic realm="an API key of the registry, as the password"');
    } else void reply.code(error.code === 'ACCESS_DENIED' ? 403 : 503);
    return send(reply, 'Not shown', html`<p>${error.message}</p>`);
  }
}

function readPassword({ headers }: FastifyRequest): string | undefined {
  const credentials = /^Basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (credentials === undefined) return undefined;
  const text = Buffer.from(credentials, 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}

function send(reply: FastifyReply, title: string, body: Html): FastifyReply {
  const page = html`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body { font: 16px/1.5 system-ui; margin: 2rem auto; max-width: 60rem; padding: 0 1rem } th, td { padding: 0 1rem 0 0; text-align: left }</style>
<h1>${title}</h1>
${body}
</html>`;
  return reply.headers(HEADERS).send(page.text);
}
