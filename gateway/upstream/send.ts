import type { Try } from '../request-record.ts';
import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';

/** What policies know of a call, whatever is sent with it. */
export interface AnyCall {
  /** Whether identical calls may get one answer: for queries only. */
  readonly isShareable?: boolean;
  /** Whether it may arrive twice: for what only reads. What is shareable may. */
  readonly isIdempotent?: boolean;
  /** Ends the call when the client has gone. */
  readonly signal?: AbortSignal;
  /** When its time is up, by `performance.now()`. */
  readonly deadline?: number;
  /** Whether that is earlier than the destination's own: who does not answer by then is not at fault. */
  readonly isCutShort?: boolean;
  /** The addresses that it was sent to: the balancer notes them here. */
  readonly tried?: object[];
  /** What came of each try, for who wants to know. */
  readonly tries?: Try[] | undefined;
}

/** What policies know of a reply. */
export interface AnyReply {
  readonly status: number;
  /** Lower-case names; the values of a repeated header are in a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Gives up what is still to come of it: for a reply in whose place another is asked for. */
  discard?(): void;
  /** Resolves when nothing more comes of it; nothing for a reply that is whole. */
  readonly ended?: Promise<void>;
}

/**
 * Sends one call: by default a call of the graph, with its whole reply. Policies are made of one and give another.
 *
 * @throws {UpstreamError} when there is no complete reply
 */
export type Send<C extends AnyCall = Call, R extends AnyReply = Reply> = (call: C) => Promise<R>;
