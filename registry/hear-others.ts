import type { Log } from '../service/logs.ts';
import type { Running } from '../service/run.ts';
import type { Keys } from './access/keys.ts';
import type { CurrentSupergraphs } from './current/current.ts';
import type { LiveRelay } from './live/live-relay.ts';
import { listenForNotices, type Notice } from './storage/notices.ts';

export interface HearOthersOptions {
  /** Of a Postgres server. */
  readonly url: string;
  readonly log: Log;
  readonly current: CurrentSupergraphs;
  readonly keys: Pick<Keys, 'forget'>;
  readonly liveRelay: Pick<LiveRelay, 'hear'>;
}

/** Follows what other registry processes on the same database do: new supergraphs are served, and revoked keys forgotten, as they are told. */
export function hearOthers({ url, log, current, keys, liveRelay }: HearOthersOptions): Running {
  const onNotice = (notice: Notice): void => {
    if (notice.kind === 'variant') void current.refresh(notice.graphId, notice.variant);
    else if (notice.kind === 'graph') void current.refreshAll();
    else if (notice.kind === 'key') keys.forget(notice.id);
    else liveRelay.hear(notice);
  };
  // What was told before was not heard.
  const onListening = () => {
    keys.forget();
    void current.refreshAll();
  };
  return listenForNotices({ url, log, onNotice, onListening });
}
