import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';
import { writeTraceparent } from '../../service/trace-context.ts';
import type { GatewayConfig } from '../config.ts';
import { endRecord } from '../ended-requests.ts';
import { GatewayError } from '../errors.ts';
import type { BoundAddress } from '../guard/address-bound.ts';
import type { IsTrustedProxy, ReadClientAddress } from '../guard/client-address.ts';
import { readTimeoutMs } from '../request.ts';
import { type BeginRecord, beginFetch, type RequestRecord } from '../request-record.ts';
import type { StreamedReply } from '../upstream/exchange-streamed.ts';
import type { StreamedUpstream } from '../upstream/upstream-streamed.ts';
import { codeOf, passOn, refuse, toGatewayError } from './proxy-answer.ts';
import { watchClient } from './proxy-client.ts';
import { PSEUDONYM, toForwarded } from './proxy-forwarded.ts';
import { checkFraming } from './proxy-framing.ts';
import { type Admission, createProxyGuard, type ProxyGuardOptions } from './proxy-guard.ts';
import { createToUpstreamHeaders, toClientHeaders } from './proxy-headers.ts';
import { createFindRoutes, type Found, METHODS, type Route } from './proxy-route.ts';
import { checkParameters, readTarget, type Target } from './proxy-target.ts';
import { isUpgrade, openResponse, tunnel } from './proxy-upgrade.ts';

export interface ProxyOptions extends ProxyGuardOptions {
  readonly routes: GatewayConfig['routes'];
  /** By name. */
  readonly upstreams: ReadonlyMap<string, { readonly upstream: StreamedUpstream; readonly timeoutMs: number }>;
  readonly clientAddress: ReadClientAddress;
  readonly isTrustedProxy: IsTrustedProxy;
  readonly boundAddress: BoundAddress | undefined;
  /** How long a client may leave its connection idle that is to send or to read something. In milliseconds. */
  readonly clientTimeoutMs?: number;
  readonly log: Log;
}

/** What stands behind routes, on the server that clients reach. */
export interface RestProxy extends Running {
  /** Takes the requests for which there is a route and no path of the server's own. */
  add(app: FastifyInstance, tools: { readonly beginRecord: BeginRecord }): void;
  /** Whether what is under way on a connection may take longer than a request of the graph. */
  isStreaming(socket: Socket): boolean;
  /** Which routes take. */
  readonly methods: readonly string[];
  /** How the addresses do, by the name of the upstream. */
  look(): Readonly<Record<string, ReturnType<StreamedUpstream['look']>>>;
}

/** One request on its way, with what is known of it from its head. */
interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the server has said of every answer: of CORS, and that it is reached by https alone. */
  readonly own: Readonly<Record<string, string>>;
  readonly found: Found | GatewayError;
  readonly target: Target | undefined;
  readonly record: RequestRecord | undefined;
}

/** Headers of the server's that an answer of an upstream has as well; all else is the upstream's to say. */
const OWN = /^(?:access-control-.*|vary|strict-transport-security)$/;

/** Passes requests on to REST services, behind the guard of the graph: bytes in, bytes out, none of them kept. */
export function createProxy(options: ProxyOptions): RestProxy {
  const { upstreams, clientAddress, isTrustedProxy, boundAddress, clientTimeoutMs = 30_000, log } = options;
  const findRoutes = createFindRoutes(options.routes);
  const admitTo = createProxyGuard(options);
  const toUpstreamHeaders = createToUpstreamHeaders(options.authentication);
  /** The latest request on each connection, until its answer has ended. */
  const streaming = new WeakMap<Socket, IncomingMessage>();

  /** @returns `undefined` when there is no route */
  function find(url: string): Pick<Passing, 'found' | 'target'> | undefined {
    try {
      const target = readTarget(url);
      const found = checkParameters(target, findRoutes);
      return found && { found, target };
    } catch (error) {
      if (error instanceof GatewayError) return { found: error, target: undefined };
      throw error;
    }
  }

  function begin(passing: Passing): void {
    const { request, response, record } = passing;
    const writtenBefore = request.socket.bytesWritten;
    const passed = pass(passing).catch((error: unknown) => {
      log.error({ err: error }, 'a request failed by a fault of the gateway');
      response.destroy();
    });
    if (record === undefined) return;
    void passed.then(() => {
      const status = record.codes[0] === 'REQUEST_CANCELLED' ? 499 : record.status || response.statusCode;
      endRecord(record, status, request.socket.bytesWritten - writtenBefore);
    });
  }

  /** The way of a request, from top to bottom. */
  async function pass(passing: Passing): Promise<void> {
    const { request, response, found, target, record } = passing;
    const { socket, method = 'GET' } = request;
    const headers = toHeaders(request);
    let name = '';
    streaming.set(socket, request);
    response.once('close', () => {
      if (streaming.get(socket) === request) streaming.delete(socket);
    });
    try {
      const address = clientAddress(socket.remoteAddress, headers['x-forwarded-for']);
      boundAddress?.(address);
      if (found instanceof GatewayError || target === undefined) throw found;
      const hasBody = checkFraming(request);
      const route = found.routes.find(({ takes }) => takes(method));
      if (route === undefined) throw notAllowed(found);
      name = route.upstream;
      if (record !== undefined) record.route = route.name;
      const isSafe = (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') && !isUpgrade(request);
      await admitTo({ requires: route.requires, address, headers, isSafe }, (admission) =>
        exchange({ ...passing, target }, { route, hasBody, admission }),
      );
    } catch (error) {
      fail(error, name, passing);
    }
    if (!response.writableEnded) response.destroy();
  }

  async function exchange(
    { request, response, own, target, record }: Passing & { readonly target: Target },
    { route, hasBody, admission }: { readonly route: Route; readonly hasBody: boolean; readonly admission: Admission },
  ): Promise<void> {
    const { upstream, timeoutMs: usualMs } = upstreamOf(route.upstream);
    const client = watchClient(request, response, clientTimeoutMs);
    const ownMs = route.timeoutMs ?? usualMs;
    const timeoutMs = Math.min(ownMs, readTimeoutMs(toHeaders(request)) ?? ownMs);
    const forwarded = toForwarded(request, isTrustedProxy(request.socket.remoteAddress));
    const { method = 'GET' } = request;
    const { shown, limits } = admission;
    const { requestHeaders: rules } = route;
    const trace = record?.head.trace;
    const fetch = record && beginFetch(route.upstream, undefined, trace);
    const traceparent = trace && writeTraceparent({ ...trace, spanId: fetch?.spanId ?? trace.spanId });
    if (fetch !== undefined) record?.fetches.push(fetch);
    let reply: StreamedReply;
    try {
      reply = await upstream.send({
        ...{ method, path: route.toUpstream(target), timeoutMs, signal: client.signal },
        isCutShort: timeoutMs < ownMs,
        headers: toUpstreamHeaders(request, {
          ...{ forwarded, rules, hasBody },
          shown: traceparent === undefined ? shown : { ...shown, traceparent },
        }),
        tries: fetch?.tries,
        // A body goes by once: what has begun to take it cannot be asked again.
        ...(hasBody
          ? { body: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer> }
          : { isIdempotent: isIdempotent(request), deadline: performance.now() + timeoutMs }),
        ...(isUpgrade(request) && { upgrade: 'websocket' }),
      });
    } catch (error) {
      const reason = client.reason() ?? error;
      if (fetch !== undefined) fetch.code = codeOf(reason);
      throw reason;
    } finally {
      if (fetch !== undefined) fetch.ended = performance.now();
    }
    const added = Object.entries({ ...own, ...limits, via: viaOf(reply) });
    const clientHeaders = toClientHeaders(reply, added, route.responseHeaders);
    if (record !== undefined) record.status = reply.status;
    if (reply.socket !== undefined) return tunnel(reply.socket, clientHeaders, request);
    // What is left of its body would be taken for the next request.
    await passOn(reply, request.complete ? clientHeaders : [...clientHeaders, 'connection', 'close'], response);
  }

  function upstreamOf(name: string) {
    const found = upstreams.get(name);
    if (found === undefined) throw new TypeError(`there is no upstream ${name}`);
    return found;
  }

  function fail(error: unknown, upstream: string, { request, response, own, record }: Passing): void {
    // Half an answer must not look like a whole one.
    if (response.headersSent || response.destroyed || response.socket?.destroyed !== false) {
      if (!(error instanceof GatewayError)) log.debug({ err: error, upstream }, 'an answer ended before it was whole');
      const hasLeft = request.socket.destroyed && !response.writableFinished;
      if (record !== undefined) record.codes = [hasLeft ? 'REQUEST_CANCELLED' : codeOf(error)];
      response.destroy();
      return;
    }
    const coded = toGatewayError(error, upstream, log);
    if (record !== undefined) record.codes = [coded.code];
    refuse(coded, own, response);
  }

  return {
    add: (app, { beginRecord }) => {
      app.addHook('onRequest', (request, reply, done) => {
        const known = request.is404 ? find(request.raw.url ?? '') : undefined;
        if (known === undefined) return done();
        reply.hijack();
        const said = Object.entries(reply.getHeaders()).filter(([header]) => OWN.test(header));
        const own = Object.fromEntries(said.map(([header, value]) => [header, String(value)]));
        begin({ request: request.raw, response: reply.raw, own, ...known, record: beginRecord(request, 'proxy') });
      });
      const isOurs = (request: IncomingMessage) => isUpgrade(request) && find(request.url ?? '') !== undefined;
      // What else asks for another protocol (h2c, say) is answered in this one. Before Node 24.9 all of it comes to the listener.
      Object.assign(app.server, { shouldUpgradeCallback: isOurs });
      app.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
        const response = openResponse(request, socket, head);
        const known = isUpgrade(request) ? find(request.url ?? '') : undefined;
        if (known === undefined) app.server.emit('request', request, response);
        else
          begin({
            request,
            response,
            own: {},
            ...known,
            record: beginRecord({ id: randomUUID(), headers: request.headers }, 'proxy'),
          });
      });
    },
    isStreaming: (socket) => streaming.has(socket),
    look: () => Object.fromEntries([...upstreams].map(([name, { upstream }]) => [name, upstream.look()])),
    methods: [...new Set(Object.values(options.routes).flatMap(({ methods }) => methods ?? METHODS))],
    close: async () => {
      await Promise.all([...upstreams.values()].map(({ upstream }) => upstream.close()));
    },
  };
}

function notAllowed({ methods }: Found): GatewayError {
  return new GatewayError('METHOD_NOT_ALLOWED', `This path takes ${methods.join(', ')}.`, {
    headers: { allow: methods.join(', ') },
  });
}

/** May arrive twice (RFC 9110, 9.2.2). */
function isIdempotent(request: IncomingMessage): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(request.method ?? '') && !isUpgrade(request);
}

function viaOf({ headers }: StreamedReply): string {
  return [headers.via ?? [], `1.1 ${PSEUDONYM}`].flat().join(', ');
}

/** A repeated header counts as one with its values joined (RFC 9110, 5.3). */
function toHeaders({ headers }: IncomingMessage): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
