import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOnLoadCore } from './process.ts';

/** What one round of load showed. */
export interface Measure {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not 200, or wrong, and those that did not come. */
  readonly failures: number;
}

export interface WrkOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** A folder for wrk's script. */
  readonly directory: string;
}

export interface LoadOptions extends WrkOptions {
  readonly query: string;
  /** What they say in `accept-language`: nothing, all the same as `answers.ts` does, or each another than any before. */
  readonly language?: Language;
  /** Each request brings one of these, in turn. */
  readonly tokens?: readonly string[] | undefined;
}

/** `one`: what is kept for one of them is for all. `each`: for none. */
export type Language = 'none' | 'one' | 'each';

/** Closed-loop load by wrk (Debian's package): how much goes through. It hides stalls, so its latencies are for comparison only. */
export function load(options: LoadOptions): Promise<Measure> {
  return runWrk(scriptOf(options), options);
}

/** Runs wrk with a script in Lua; what that calls wrong answers are failures. */
export async function runWrk(text: string, options: WrkOptions): Promise<Measure> {
  const { url, connections, seconds, directory } = options;
  const script = join(directory, 'request.lua');
  writeFileSync(script, text);
  const flags = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s', '--latency'];
  return readWrk(await runOnLoadCore(['wrk', ...flags, '-s', script, url]));
}

function scriptOf({ query, language = 'none', tokens = [] }: LoadOptions): string {
  const plain = `wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nwrk.body = [==[${JSON.stringify({ query })}]==]\n`;
  if (tokens.length > 0) return plain + rotating(tokens);
  if (language === 'none') return plain;
  if (language === 'one') return `${plain}wrk.headers["accept-language"] = "*"\n`;
  // Another beginning for each load: none is repeated in a later round.
  const beginning = `x-${Date.now().toString(36)}-`;
  return `${plain}local n = 0
request = function()
  n = n + 1
  wrk.headers["accept-language"] = "${beginning}" .. n
  return wrk.format()
end
`;
}

/** Requests that are put together before the load begins. */
export const rotating = (
  tokens: readonly string[],
) => `local tokens = { ${tokens.map((token) => `"${token}"`).join(', ')} }
local requests = {}
local n = 0
init = function()
  for i, token in ipairs(tokens) do
    wrk.headers["authorization"] = "Bearer " .. token
    requests[i] = wrk.format()
  end
end
request = function()
  n = n % #requests + 1
  return requests[n]
end
`;

/** Reads what wrk prints. */
export function readWrk(output: string): Measure {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0);
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)?.slice(1) ?? [];
  return {
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(/^\s+50%\s+(\S+)/m.exec(output)?.[1]),
    p99: milliseconds(/^\s+99%\s+(\S+)/m.exec(output)?.[1]),
    failures:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      number(/Wrong answers: (\d+)/) +
      errors.reduce((sum, count) => sum + Number(count), 0),
  };
}

function milliseconds(text = '0ms'): number {
  const value = Number.parseFloat(text);
  return text.endsWith('us')
    ? value / 1_000
    : text.endsWith('ms')
      ? value
      : text.endsWith('m')
        ? value * 60_000
        : value * 1_000;
}
