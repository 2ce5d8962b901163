import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { watchCores } from './cores.ts';
import { isInstalled } from './gateways.ts';
import { runOnLoadCore } from './process.ts';
import { NGINX, type PassingTo, proxiesOf } from './proxies.ts';
import type { Readings } from './readings.ts';
import { bytesOf, pieces, receiptOf } from './rest-bytes.ts';
import { startServices } from './services.ts';
import type { Contender, Session } from './session.ts';
import { awake } from './throughput.ts';
import { type Measure, rotating, runWrk } from './wrk.ts';

/** Bodies that are passed on: how many, and what is held of them. Each answer is compared to the byte, and says of what was sent how much arrived and its hash. */

export interface ProxiedOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

interface Body {
  readonly load: string;
  readonly size: number;
  readonly path: string;
  readonly isUp: boolean;
  /** A share of those that were asked for. */
  readonly connections: number;
}

const [KILO, MEGA] = [1_000, 10_000_000];
const GIGA = 1_000_000_000;

const BODIES: readonly Body[] = [
  { load: 'proxy 1 KB down', size: KILO, path: `/bytes/${KILO}`, isUp: false, connections: 1 },
  { load: 'proxy 1 KB up', size: KILO, path: '/taken', isUp: true, connections: 1 },
  { load: 'proxy 10 MB down', size: MEGA, path: `/files/bytes/${MEGA}`, isUp: false, connections: 0.2 },
  { load: 'proxy 10 MB up', size: MEGA, path: '/files/taken', isUp: true, connections: 0.2 },
];

/** Starts two of each service, and all proxies; one after the other has each body in each round, then a gigabyte in both directions. */
export async function measureProxied(session: Session, options: ProxiedOptions, readings: Readings): Promise<void> {
  const { start, close } = startServices();
  try {
    const contenders = await startProxies(session, {
      quick: [`127.0.0.1:${session.port}`, await start('subgraphs.ts', session.workload.name)],
      large: [await start('rest-service.ts'), await start('rest-service.ts')],
    });
    for (let round = 0; round < options.rounds; round++)
      for (const body of BODIES)
        for (const contender of contenders)
          await awake(contender, () => measureOne(session, contender, body, options, readings));
    for (const contender of contenders) await awake(contender, () => passGigabyte(contender, readings));
  } finally {
    await close();
  }
}

async function startProxies(session: Session, services: PassingTo): Promise<readonly Contender[]> {
  const contenders: Contender[] = [];
  for (const gateway of proxiesOf(services)) {
    if (!isInstalled(gateway)) {
      const command = gateway.name === NGINX ? 'apt-get install nginx' : 'npm ci --prefix test/bench';
      console.error(`Not installed, so not measured: ${gateway.name}. To install: ${command}`);
      continue;
    }
    const process = await session.startUnasked(gateway);
    const contender = { gateway, name: gateway.name, process, tokens: await gateway.tokens?.() };
    for (const body of BODIES) await send(session, contender, body, { connections: 10, seconds: 1 });
    process.pause();
    contenders.push(contender);
  }
  return contenders;
}

async function measureOne(
  session: Session,
  contender: Contender,
  body: Body,
  { seconds, connections }: ProxiedOptions,
  readings: Readings,
): Promise<void> {
  const { process, name } = contender;
  process.resetPeak();
  const [cores, cpuMs] = [watchCores(), process.cpuMs()];
  const several = Math.max(1, Math.round(connections * body.connections));
  const { requestsPerSecond, p50, p99, failures } = await send(session, contender, body, {
    connections: several,
    seconds,
  });
  const [gatewayCore = 0, loadCore = 0] = cores();
  readings.add(body.load, name, {
    'req/s': requestsPerSecond,
    'MB/s': (requestsPerSecond * body.size) / 1_000_000,
    'p50 ms': p50,
    'p99 ms': p99,
    'CPU ms/req': (process.cpuMs() - cpuMs) / (requestsPerSecond * seconds),
    'gateway core %': gatewayCore,
    'load core %': loadCore,
    'RSS MB': process.peakMb(),
    failures,
  });
}

/** Closed-loop load of one body. */
function send(
  { directory }: Session,
  { process, tokens }: Contender,
  { size, path, isUp }: Body,
  wanted: { readonly connections: number; readonly seconds: number },
): Promise<Measure> {
  const file = (name: string, content: string | Buffer) => {
    const full = join(directory, name);
    writeFileSync(full, content);
    return full;
  };
  const sent = isUp ? file('sent', bytesOf(size)) : undefined;
  const expected = file('expected', isUp ? receiptOf(pieces(size)) : bytesOf(size));
  const url = new URL(path, process.url).href;
  return runWrk(toScript({ sent, expected, tokens: size > KILO ? tokens?.slice(0, 1) : tokens }), {
    url,
    directory,
    ...wanted,
  });
}

interface Script {
  /** The file of what is sent. */
  readonly sent: string | undefined;
  /** The file of what has to come back. */
  readonly expected: string;
  readonly tokens: readonly string[] | undefined;
}

/** Requests in Lua, and the comparison of each answer. */
export const toScript = ({ sent, expected, tokens = [] }: Script): string => `
local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end
${sent === undefined ? '' : `wrk.method = "POST"\nwrk.headers["content-type"] = "application/octet-stream"\nwrk.body = read("${sent}")`}
local expected = read("${expected}")
wrong = 0
response = function(status, headers, body)
  if status == 200 and body ~= expected then wrong = wrong + 1 end
end
local threads = {}
setup = function(thread) table.insert(threads, thread) end
done = function()
  local sum = 0
  for _, thread in ipairs(threads) do sum = sum + thread:get("wrong") end
  print("Wrong answers: " .. sum)
end
${tokens.length > 0 ? rotating(tokens) : ''}`;

/** What memory is left after a body, when it has been given back, is read so much later. */
const REST_MS = 2_000;

/** One body of a gigabyte in each direction. */
async function passGigabyte({ process, name, tokens = [] }: Contender, readings: Readings): Promise<void> {
  for (const direction of ['down', 'up'] as const) {
    await pause(REST_MS);
    const before = process.memoryMb();
    process.resetPeak();
    const command = ['node', 'test/bench/pass-body.ts', direction, process.url, String(GIGA), ...tokens.slice(0, 1)];
    const ms = Number(await runOnLoadCore(command));
    const most = process.peakMb();
    await pause(REST_MS);
    readings.add(`proxy 1 GB ${direction}`, name, {
      'MB/s': GIGA / 1_000 / ms,
      'RSS MB before': before,
      'RSS MB most': most,
      'RSS MB after': process.memoryMb(),
    });
  }
}
