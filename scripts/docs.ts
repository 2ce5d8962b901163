import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { gatewayConfig } from '../gateway/config.ts';
import { ERRORS } from '../gateway/errors.ts';
import { METRICS } from '../gateway/metric-table.ts';
import { registryConfig } from '../registry/config.ts';
import { REGISTRY_ERRORS } from '../registry/errors.ts';
import { listOptions } from '../service/config.ts';
import { HTTP_METRICS } from '../service/http-metrics.ts';
import type { MetricTable } from '../service/metric-definition.ts';
import { notifications } from '../subgraphs/notifications/service.ts';
import { orders } from '../subgraphs/orders/service.ts';
import { products } from '../subgraphs/products/service.ts';
import { users } from '../subgraphs/users/service.ts';

/**
 * Writes the pages that are made from code: `docs/config.md` from the configuration schemas, `docs/errors.md` from the
 * table of codes and `docs/metrics.md` from those of metrics. `test/docs.test.ts` fails when they are not what this would write.
 */

const WRITTEN = '<!-- Written by npm run docs from the code; edit the descriptions there. -->';

export function configPage(): string {
  const services = [users, orders, products, notifications];
  return `${WRITTEN}

# Configuration

Every option is read, in rising precedence, from its default, a YAML file (\`--config FILE\`, gateway and registry only), the
environment, and command line flags. Lists in the environment are separated by commas, maps are YAML. All problems are
reported at once, each with its path. Unknown options in the file are errors; unknown variables are not, because container platforms
add some of their own. Units stand in the names.

What the options of authentication do together is in [authentication.md](authentication.md); of the rest of the guard, in
[guard.md](guard.md); of the response cache, in [caching.md](caching.md); of \`upstream\` and \`upstreamDefaults\`, in
[upstreams.md](upstreams.md); of \`supergraph.uplink\` and \`usage\`, in [following.md](following.md).

In a map of groups, \`NAME\` below stands for a name of yours. Each entry has variables of its own, its name in lower case:
\`GATEWAY_UPSTREAM_ORDERS_URLS=http://orders-1:4102/graphql,http://orders-2:4102/graphql\` is \`upstream.orders.urls\`. Names with
capitals are set in the file, or by the whole map: \`GATEWAY_CACHE_MUTATIONS='{ placeOrder: { types: [Order] } }'\`.

Four variables have no prefix, because they mean the whole installation: \`DATABASE_URL\`, \`REDIS_URL\`, \`SEED\` and
\`TRIBUTARY_DATA_DIR\`; two, because rover, Apollo's gateway and its router have the same values under these names: \`APOLLO_KEY\` and
\`APOLLO_GRAPH_REF\`.

## Gateway

\`npm run gateway -- [--config FILE] [--supergraph FILE] [--listen HOST:PORT]\`; without \`--config\` it reads
\`gateway/gateway.yaml\`.

${table(gatewayConfig, 'GATEWAY')}
## Registry

\`npm run registry -- [--config FILE]\`

${table(registryConfig, 'REGISTRY')}
${services.map(({ name, config }) => `## Subgraph ${name}\n\n\`npm run subgraph:${name}\`\n\n${table(config, name.toUpperCase())}`).join('\n')}
## When something is away

| what | what happens |
|---|---|
| a subgraph | its fields are null, with an error that names it; the rest of the answer comes |
| who issues access tokens (here the users subgraph) | tokens are checked with the keys fetched before; without any, requests with its tokens get 503, all others are served ([authentication.md](authentication.md)) |
| Postgres | \`/ready\` of the subgraphs that need it says 503; queries to them give errors; they recover when it is back. The registry serves supergraphs from memory, to keys it knew before; publishes are refused with \`DATABASE_UNAVAILABLE\` |
| Redis | orders are placed and data changed all the same; the events wait in the \`outbox\` tables and are relayed when it is back; the response cache gives nothing after \`cache.l1.maxStaleMs\` until it is back, and everything is fetched ([caching.md](caching.md)); what was revoked is as \`authentication.revocation.onStoreFailure\` says; automatic persisted queries that are not in memory are asked for again; rate limits are as \`onStoreFailure\` of each set says ([guard.md](guard.md)) |
| the registry that a gateway follows | the graph that is served stays; a gateway that starts meanwhile serves the last good one from \`supergraph.uplink.lastGoodFile\`, or waits; \`/ready\` on the admin port says so; it is asked again until it answers; what is counted of operations is summed up until then, within its bounds |
| a new supergraph that does not compose | the last good one is served, the errors are in the log |
| a new manifest that is broken | the last good one is used, the errors are in the log |
`;
}

function table(schema: z.ZodObject, prefix: string): string {
  const rows = listOptions(schema, prefix).map(
    ({ path, environment, type, default: value, description }) =>
      `| \`${path}\` | \`${environment}\` | ${type} | ${value === '' ? '' : `\`${value}\``} | ${description} |`,
  );
  return `| option | environment | type | default | what it is |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |`);
  const registryRows = Object.entries(REGISTRY_ERRORS).map(([code, { meaning }]) => `| \`${code}\` | ${meaning} |`);
  return `${WRITTEN}

# Errors

Every error has \`extensions.code\`. Those of the gateway come first, those of the registry below; an error of a subgraph keeps the code that the subgraph
gave it, and \`extensions.subgraph\` names it.

The status is that of an \`application/graphql-response+json\` response. A client whose \`accept\` does not ask for that (as curl's does
not by itself) gets \`application/json\`, and 200 for what is wrong with the GraphQL itself (parsing, validation, variables, limits, the operation's name). An error beside data is
part of a 200 answer in both; the codes of subgraphs (\`SUBGRAPH_…\`, \`INVALID_VALUE\`) always stand beside data.

| code | status | what it means |
|---|---|---|
${rows.join('\n')}

## Of the registry

Rover prints the message; \`extensions.code\` has the code. The HTTP status is always 200: rover loses the message of any other.

| code | what it means |
|---|---|
${registryRows.join('\n')}
`;
}

export function metricsPage(): string {
  return `${WRITTEN}

# Metrics

In Prometheus' text format, or in OpenMetrics with exemplars for whoever asks for that (Prometheus does): a histogram then names a trace
for each bucket, if one is kept. A histogram is the three series \`NAME_bucket\` (with \`le\`), \`NAME_sum\` and \`NAME_count\`. Labels have no
value of a client's choice, so that clients cannot make series. Dashboards, alerts, and what else there is to see: [observability.md](observability.md).

## Of the gateway

\`GET /metrics\` on the admin port (\`telemetry.metrics.isEnabled\`). With \`workers\` they are those of all processes together, without exemplars: gauges are added
up, or as it says. Operations with numbers of their own are the first \`telemetry.metrics.maxOperations\` that came three times, by their name and
the beginning of their hash; all others are \`other\`, and \`none\` is what was refused before it was an operation of the graph.

What belongs to something that is not there (a Redis, rate limits, a manifest of operations) has no series, or none but 0.

${metricTable(METRICS)}
## Of the registry and of each subgraph

\`GET /metrics\` on their own port (\`metrics.isEnabled\`). Whoever reaches the port can read them.

${metricTable(HTTP_METRICS)}
## Of each process

All of them have those of Node.js that the package \`prom-client\` makes: \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`,
\`process_start_time_seconds\`, \`nodejs_eventloop_lag_…_seconds\` (since the scrape before; some 10 ms are how it is measured), \`nodejs_heap_…_bytes\`,
\`nodejs_gc_duration_seconds\` and others. Servers in one process, as \`npm start\` has them, show the same.
`;
}

function metricTable(table: MetricTable): string {
  const rows = Object.entries(table).map(([name, { type, labels, help, aggregator }]) => {
    const told = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${type} | ${told} | ${help}${aggregator === undefined ? '' : ` (of several processes: ${aggregator})`} |`;
  });
  return `| metric | type | labels | what it is |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../docs/config.md', import.meta.url), configPage());
  writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsPage());
  writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsPage());
}
