import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from './config.ts';

/** Options that name PEM files. */
export interface TlsFiles {
  /** Of the authorities that are trusted. */
  readonly caFile?: string | undefined;
  /** Of a certificate of our own, with its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** What is in them. */
export interface TlsPems {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/**
 * Reads the files that options name.
 *
 * @param path of the options, for messages: `cache.redis`
 * @throws {ConfigError} for a file that is not there, or holds something else than it should, and for a certificate without its key
 */
export function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles, path: string): TlsPems {
  const ca = readPem(`${path}.caFile`, caFile, CERTIFICATE);
  const cert = readPem(`${path}.certFile`, certFile, CERTIFICATE);
  const key = readPem(`${path}.keyFile`, keyFile, PRIVATE_KEY);
  if (cert === undefined && key !== undefined) throw problem(`${path}.certFile`, 'is needed together with keyFile');
  if (cert !== undefined && key === undefined) throw problem(`${path}.keyFile`, 'is needed together with certFile');
  if (cert !== undefined && key !== undefined && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw problem(`${path}.keyFile`, 'holds another key than that of the certificate in certFile');
  return { ca, cert, key };
}

interface Kind {
  readonly noun: string;
  /** Looks at the first one of a file. */
  readonly parse: (pem: string) => unknown;
}

const CERTIFICATE: Kind = { noun: 'certificate', parse: (pem) => new X509Certificate(pem) };
const PRIVATE_KEY: Kind = { noun: 'private key without a passphrase', parse: createPrivateKey };

function readPem(option: string, file: string | undefined, { noun, parse }: Kind): string | undefined {
  if (file === undefined) return undefined;
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw problem(option, `cannot be read: ${(error as Error).message}`);
  }
  try {
    parse(pem);
  } catch {
    throw problem(option, `${file} holds no ${noun} in PEM`);
  }
  return pem;
}

function problem(path: string, message: string): ConfigError {
  return new ConfigError([{ path, message }]);
}
