import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { createLog, type Log } from '../../service/logs.ts';

/** What Apollo Server takes as its `logger`. */
export type ServerLogger = GatewayGraphQLRequestContext['logger'];

/** A log that writes to the logger of a server: the sentence, and behind it what else a line has, as JSON. */
export function createServerLog(logger: ServerLogger): Log {
  return createLog('gateway', 'debug', {
    write: (line) => {
      const { level, msg, time: _, service: __, ...fields } = JSON.parse(line) as Record<string, unknown>;
      const text = Object.keys(fields).length === 0 ? String(msg) : `${String(msg)} ${JSON.stringify(fields)}`;
      switch (level) {
        case 'debug':
          return logger.debug(text);
        case 'info':
          return logger.info(text);
        case 'warn':
          return logger.warn(text);
        default:
          return logger.error(text);
      }
    },
  });
}
