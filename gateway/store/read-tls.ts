import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../../service/config.ts';
import type { CacheConfig } from '../cache-config.ts';
import type { RedisTls } from './redis-address.ts';

type FileOption = 'caFile' | 'certFile' | 'keyFile';

/** Reads the files that options of Redis name. @throws {ConfigError} for one that is not there, or holds something else than it should */
export function readTls({ caFile, certFile, keyFile, serverName }: CacheConfig['redis']): RedisTls {
  const ca = readPem('caFile', caFile, toCertificate);
  const cert = readPem('certFile', certFile, toCertificate);
  const key = readPem('keyFile', keyFile, createPrivateKey);
  if (cert !== undefined && key !== undefined && !toCertificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw problem('keyFile', 'holds another key than that of the certificate in certFile');
  return { ca, cert, key, serverName };
}

function readPem(option: FileOption, file: string | undefined, parse: (pem: string) => unknown): string | undefined {
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
    throw problem(
      option,
      `holds no ${option === 'keyFile' ? 'private key without a passphrase' : 'certificate'} in PEM`,
    );
  }
  return pem;
}

/** The first one of a file. */
function toCertificate(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

function problem(option: FileOption, message: string): ConfigError {
  return new ConfigError([{ path: `cache.redis.${option}`, message }]);
}
