import { channel } from 'node:diagnostics_channel';
import type { RequestRecord } from './request-record.ts';

/**
 * Requests that have ended are told in batches: what is made of many, one after another, takes less than between two other requests (a line
 * of the log 2.5 µs instead of 4; RESULTS.md), because its code and data are at hand then.
 */
const MOST_IN_BATCH = 64;
/** No record waits longer, in milliseconds. */
const BATCH_MS = 10;

/** For those who log, count and trace; see `telemetry/`. What is published is a list of `RequestRecord`s that have ended. */
export const requestEvents = channel('gateway:requests');

let batch: RequestRecord[] = [];
let timer: NodeJS.Timeout | undefined;

/** A request has ended. */
export function endRecord(record: RequestRecord, status: number, bytes: number): void {
  record.end('answer');
  record.ended = performance.now();
  record.status = status;
  record.bytes = bytes;
  batch.push(record);
  if (batch.length >= MOST_IN_BATCH) tellEnded();
  else timer ??= setTimeout(tellEnded, BATCH_MS).unref();
}

/** Tells of those that have ended, and were not told of yet, now. */
export function tellEnded(): void {
  clearTimeout(timer);
  timer = undefined;
  if (batch.length === 0) return;
  const ended = batch;
  batch = [];
  requestEvents.publish(ended);
}

/**
 * Has a listener told of each request that has ended. What it throws is its own fault and not the request's: thrown on a channel, it would
 * end the process.
 *
 * @returns ends it, when all that have ended are told
 */
export function onRequestEnd(listener: (record: RequestRecord) => void): () => void {
  let hasFailed = false;
  const hear = (record: RequestRecord) => {
    try {
      listener(record);
    } catch (error) {
      if (!hasFailed) process.emitWarning(error instanceof Error ? error : String(error));
      hasFailed = true;
    }
  };
  const listen = (published: unknown) => (published as readonly RequestRecord[]).forEach(hear);
  requestEvents.subscribe(listen);
  return () => {
    tellEnded();
    requestEvents.unsubscribe(listen);
  };
}
