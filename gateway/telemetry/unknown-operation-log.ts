import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { parse, print, visit } from 'graphql';
import type { Log } from '../../service/logs.ts';
import type { Running } from '../../service/run.ts';

/** Where the safelist in `operation/` publishes, and what. */
const CHANNEL = 'gateway:unknown-operation';

interface Published {
  readonly text: string;
  readonly clientName: string | undefined;
  readonly isRefused: boolean;
}

export interface UnknownOperationLogOptions {
  readonly log: Log;
  /** Most lines in a minute; what exceeds them is counted. */
  readonly linesInAMinute?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

const MINUTE_MS = 60_000;
const MOST_CHARACTERS = 4_000;

/**
 * Writes which operations come that the manifest does not have: what an operator needs to add them, or to find who sends them. The
 * values in them are left out, because they may be anybody's.
 */
export function startUnknownOperationLog(options: UnknownOperationLogOptions): Running {
  const { log, linesInAMinute = 60, now = () => performance.now() } = options;
  let since = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let more = 0;

  const write = (published: unknown) => {
    const { text, clientName, isRefused } = published as Published;
    if (now() - since >= MINUTE_MS) {
      if (more > 0) log.warn({ more }, 'as many operations again came that are not in the manifest');
      since = now();
      lines = 0;
      more = 0;
    }
    if (++lines > linesInAMinute) {
      more++;
      return;
    }
    const what = isRefused
      ? 'an operation that is not in the manifest was refused'
      : 'an operation is not in the manifest';
    log.warn({ query: withoutValues(text), clientName }, what);
  };

  subscribe(CHANNEL, write);
  return { close: async () => void unsubscribe(CHANNEL, write) };
}

function withoutValues(text: string): string | undefined {
  try {
    const document = visit(parse(text, { noLocation: true, maxTokens: 15_000 }), {
      StringValue: (node) => ({ ...node, value: '', block: false }),
      IntValue: (node) => ({ ...node, value: '0' }),
      FloatValue: (node) => ({ ...node, value: '0' }),
    });
    return print(document).slice(0, MOST_CHARACTERS);
  } catch {
    // Where only ids are taken, a text is not looked at before it is refused: it may be no GraphQL.
    return undefined;
  }
}
