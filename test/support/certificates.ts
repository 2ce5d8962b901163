import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, in PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates that nobody trusts by themselves. */
export interface TestAuthority {
  readonly certificate: string;
  /** For a server with these names or IPv4 addresses, or for a client. */
  issue(...names: readonly [string, ...string[]]): TestCertificate;
}

/** An authority of a test's own: certificates by RFC 5280 from Node's keys alone, because `openssl` is not on every machine. */
export function createAuthority(name = 'an authority of a test'): TestAuthority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certify = (subject: string, publicKey: KeyObject, extensions: readonly Buffer[]) =>
    toPem(toCertificate({ issuer: name, subject, publicKey, extensions, signWith: own.privateKey }));
  return {
    certificate: certify(name, own.publicKey, [extension(BASIC_CONSTRAINTS, sequence(TRUE), true)]),
    issue: (...names) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return {
        key,
        certificate: certify(names[0], publicKey, [extension(ALTERNATIVE_NAME, sequence(...names.map(toName)))]),
      };
    },
  };
}

interface Certifying {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly signWith: KeyObject;
}

const DAY_MS = 86_400_000;

/** RFC 5280, 4.1: what is certified, the algorithm, the signature. */
function toCertificate({ issuer, subject, publicKey, extensions, signWith }: Certifying): Buffer {
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const certified = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...randomBytes(8)])),
    algorithm,
    commonName(issuer),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  return sequence(certified, algorithm, der(0x03, Buffer.from([0]), sign('sha256', certified, signWith)));
}

/** One value of the Distinguished Encoding Rules (X.690): tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...items: readonly Buffer[]): Buffer {
  return der(0x30, ...items);
}

const identifier = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const ECDSA_WITH_SHA256 = identifier('2a8648ce3d040302');
const COMMON_NAME = identifier('550403');
const ALTERNATIVE_NAME = identifier('551d11');
const BASIC_CONSTRAINTS = identifier('551d13');
const TRUE = der(0x01, Buffer.from([0xff]));

function extension(id: Buffer, value: Buffer, isCritical = false): Buffer {
  return sequence(id, ...(isCritical ? [TRUE] : []), der(0x04, value));
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));
}

function toName(name: string): Buffer {
  return isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
}

/** As `YYMMDDhhmmssZ`. */
function time(epochMs: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(epochMs).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
