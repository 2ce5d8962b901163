import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { type Dispatcher, errors } from 'undici';
import type { AnyCall, AnyReply, Send } from './send.ts';
import { UpstreamError } from './upstream-error.ts';
import { createWorkClock } from './work-clock.ts';

/** A request whose body is passed on as it comes. */
export interface StreamedCall extends AnyCall {
  readonly method: string;
  /** Path and query string. */
  readonly path: string;
  /** Names and values in turn, without those of the connection. */
  readonly headers: readonly string[];
  readonly body?: AsyncIterable<Buffer> | string | undefined;
  /** The protocol that is asked for instead of an answer (RFC 9110, 7.8). */
  readonly upgrade?: 'websocket' | undefined;
  /** How long the server may take until its answer begins, and between two pieces of it. In milliseconds. */
  readonly timeoutMs: number;
}

/** The beginning of an answer, with what is still to come of it. */
export interface StreamedReply extends AnyReply {
  readonly statusText: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** Reads from the server no faster than it is read; destroying it ends the exchange. */
  readonly body: Readable;
  /** The connection, when the protocol was changed (101). */
  readonly socket: Duplex | undefined;
  discard(): void;
  readonly ended: Promise<void>;
}

export type SendStreamed = Send<StreamedCall, StreamedReply>;

/**
 * Sends calls to one address, each once, and replies as soon as an answer begins. The time of the server runs while it has something to
 * do: not while the next piece of the body is still to come from the client.
 *
 * @param name of the destination, for messages
 */
export function createStreamedExchange(name: string, dispatcher: Dispatcher): SendStreamed {
  const cancelled = (wasSent: boolean) =>
    new UpstreamError('cancelled', `the call to ${name} was cancelled`, { wasSent });

  return (call) =>
    new Promise((resolve, reject) => {
      const { method, path, headers, body, signal, deadline, upgrade, timeoutMs, isCutShort = false } = call;
      if (signal?.aborted === true) return reject(cancelled(false));
      let controller: Dispatcher.DispatchController | undefined;
      /** Why it was given up by us, before an answer began. */
      let given: UpstreamError | undefined;
      let isBodyBroken = false;
      let reply: ReplyBody | undefined;

      const ms = deadline === undefined ? timeoutMs : Math.min(timeoutMs, deadline - performance.now());
      const clock = createWorkClock(ms, () =>
        giveUp(
          new UpstreamError('timeout', `${name} did not answer within ${Math.ceil(ms)} ms`, {
            wasSent: wasSent(),
            // It waited for a connection that others hold: a server that cannot be connected to says so by itself.
            wasCutShort: isCutShort || !wasSent(),
          }),
        ),
      );
      const cancel = () => giveUp(cancelled(wasSent()));
      const wasSent = () => controller !== undefined;
      let isOpen = true;
      signal?.addEventListener('abort', cancel);
      clock.start();

      function giveUp(error: UpstreamError): void {
        given = error;
        settle();
        reject(error);
        controller?.abort(error);
      }

      function settle(): void {
        isOpen = false;
        clock.close();
        signal?.removeEventListener('abort', cancel);
      }

      function begin(status: number, statusText: string, of: Dispatcher.DispatchController, socket?: Duplex): void {
        settle();
        const rawHeaders = toRaw(of.rawHeaders);
        const content = new ReplyBody(of);
        reply = content;
        const discard = () => void (socket ?? content).on('error', () => undefined).destroy();
        const ended = new Promise<void>((resolve) => (socket ?? content).once('close', resolve));
        resolve({
          status,
          statusText,
          rawHeaders,
          headers: toHeaders(rawHeaders),
          body: content,
          socket,
          discard,
          ended,
        });
      }

      /** What the client sends. The clock runs while the server is to take it. */
      async function* pass(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
        try {
          clock.stop();
          for await (const chunk of source) {
            if (isOpen) clock.start();
            yield chunk;
            clock.stop();
          }
        } catch (error) {
          isBodyBroken = true;
          throw error;
        }
        if (isOpen) clock.start();
      }

      dispatcher.dispatch(
        {
          ...{ method: method as Dispatcher.HttpMethod, path, headers: [...headers], upgrade: upgrade ?? null },
          ...{ headersTimeout: 0, bodyTimeout: timeoutMs },
          ...(body !== undefined && { body: typeof body === 'string' ? body : (pass(body) as unknown as Readable) }),
        },
        {
          onRequestStart: (started) => {
            controller = started;
            if (given !== undefined) started.abort(given);
          },
          onRequestUpgrade: (of, status, _headers, socket) => {
            if (given !== undefined) return void socket.destroy();
            begin(status, '', of, socket);
            reply?.push(null);
          },
          // What is only information (1xx) ends here.
          onResponseStart: (of, status, _headers, statusText) => {
            if (status >= 200) begin(status, statusText ?? '', of);
          },
          onResponseData: (of, chunk) => {
            if (reply?.push(chunk) === false) of.pause();
          },
          onResponseEnd: () => void reply?.end(),
          onResponseError: (_of, error) => {
            settle();
            if (reply === undefined)
              reject(given ?? (isBodyBroken ? cancelled(true) : toUpstreamError(name, error, wasSent())));
            else reply.destroy(error);
          },
        },
      );
    });
}

/** The body of an answer: what is not read is not taken from the connection. */
class ReplyBody extends Readable {
  readonly #controller: Dispatcher.DispatchController;
  #isWhole = false;

  constructor(controller: Dispatcher.DispatchController) {
    super();
    this.#controller = controller;
  }

  end(): void {
    this.#isWhole = true;
    this.push(null);
  }

  override _read(): void {
    if (this.#controller.paused) this.#controller.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isWhole) this.#controller.abort(error ?? new Error('nobody reads the answer any more'));
    done(error);
  }
}

function toUpstreamError(name: string, cause: Error, wasSent: boolean): UpstreamError {
  if (cause instanceof errors.ConnectTimeoutError)
    return new UpstreamError('timeout', `${name} could not be connected to in time`, { wasSent, cause });
  if (cause instanceof errors.InvalidArgumentError || cause instanceof errors.NotSupportedError)
    return new UpstreamError('unsendable', `the request cannot be sent to ${name}`, { wasSent: false, cause });
  return new UpstreamError('unreachable', `${name} cannot be reached`, { wasSent, cause });
}

/** Names and values in turn; over HTTP/2 they come by name. */
function toRaw(headers: Dispatcher.DispatchController['rawHeaders']): readonly string[] {
  if (Array.isArray(headers)) return (headers as (Buffer | string)[]).map((text) => text.toString('latin1'));
  return Object.entries(headers ?? {}).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((each) => [name, String(each)]),
  );
}

function toHeaders(raw: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let index = 0; index < raw.length; index += 2) {
    const [name, value] = [String(raw[index]).toLowerCase(), String(raw[index + 1])];
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
