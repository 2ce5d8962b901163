import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A service of docker-compose.yml, as far as tests look at it. */
export interface ComposeService {
  readonly image?: string;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly healthcheck?: unknown;
}

export const COMPOSE_TEXT = readFileSync(fileURLToPath(new URL('../../docker-compose.yml', import.meta.url)), 'utf8');

export const COMPOSE_SERVICES = (parse(COMPOSE_TEXT, { merge: true }) as { services: Record<string, ComposeService> })
  .services;

/** The processes that are ours. */
export const OUR_SERVICES = ['users', 'orders', 'products', 'notifications', 'registry', 'gateway'] as const;

/** The environment of a service, with `${NAME}`, `${NAME:-default}` and `${NAME:?message}` filled in as docker compose does. */
export function environmentOf(service: string, variables: Record<string, string>): Record<string, string> {
  const { environment = {} } = COMPOSE_SERVICES[service] ?? {};
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolate(value, variables)]));
}

function interpolate(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string | undefined, rest = '') => {
    const value = variables[name] ?? '';
    if (value !== '') return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return kind === '-' ? rest : '';
  });
}

/** What Prometheus asks: each is a service, the port that it asks it at, and the job it stands under. */
export interface ScrapeTarget {
  readonly job: string;
  readonly service: string;
  readonly port: number;
}

/** Those of observability/prometheus.yml. */
export function readScrapeTargets(): readonly ScrapeTarget[] {
  const text = readFileSync(fileURLToPath(new URL('../../observability/prometheus.yml', import.meta.url)), 'utf8');
  const { scrape_configs: jobs } = parse(text) as {
    scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
  };
  return jobs.flatMap(({ job_name: job, dns_sd_configs: found }) =>
    found.flatMap(({ names, port }) => names.map((service) => ({ job, service, port }))),
  );
}
