import { createSecureContext, type SecureContext } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '../../service/tls-files.ts';

export interface TlsOptions extends TlsFiles {
  /** What the certificates of the addresses are for, where it is not the host name in them. */
  readonly serverName?: string | undefined;
}

/** What connections over TLS are made with. */
export interface ConnectionTls {
  /** Nothing where it is as the machine has it. */
  readonly secureContext: SecureContext | undefined;
  readonly serverName: string | undefined;
}

/** Reads the files of a destination, once for all its connections. @throws {ConfigError} that names option and file */
export function readTls(name: string, options: TlsOptions): ConnectionTls {
  const { ca, cert, key } = readTlsFiles(options, `upstream.${name}.tls`);
  const isOwn = ca !== undefined || cert !== undefined;
  return { secureContext: isOwn ? createSecureContext({ ca, cert, key }) : undefined, serverName: options.serverName };
}
