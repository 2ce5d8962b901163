import type { Call } from './request-text.ts';
import type { Reply } from './response-reader.ts';

/** Sends one call. Policies are made of one and give another. @throws {UpstreamError} when there is no complete reply */
export type Send = (call: Call) => Promise<Reply>;
