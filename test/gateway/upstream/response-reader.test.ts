import { describe, expect, it } from '@jest/globals';
import { type Received, ResponseReader } from '../../../gateway/upstream/response-reader.ts';

const LIMIT = 1_000;
const bytes = (text: string) => Buffer.from(text, 'latin1');

/** What comes of a response that arrives in these pieces. Each piece is overwritten after it was read, as the socket's buffer is. */
function readIn(pieces: readonly Buffer[], reader = new ResponseReader(LIMIT)): Received | undefined {
  let received: Received | undefined;
  for (const piece of pieces) {
    const copy = Buffer.from(piece);
    received = reader.read(copy);
    copy.fill(0);
  }
  return received;
}

const show = (received: Received | undefined) =>
  received === undefined
    ? undefined
    : ([received.reply.status, received.reply.body.toString('latin1'), received.isLast] as const);

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

const WHOLE: readonly (readonly [name: string, text: string, shown: readonly [number, string, boolean]])[] = [
  ['of known size', `${HEAD}content-length: 5\r\n\r\nhello`, [200, 'hello', false]],
  ['without a body', `${HEAD}content-length: 0\r\n\r\n`, [200, '', false]],
  ['that can have no body', 'HTTP/1.1 204 No Content\r\n\r\n', [204, '', false]],
  ['in chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n`, [200, 'hello', false]],
  [
    'in chunks, with a trailer',
    `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n`,
    [200, 'hello', false],
  ],
  [
    'with a chunk that has line ends',
    `${HEAD}transfer-encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n`,
    [200, '\r\n\r\n', false],
  ],
  [
    'after interim ones',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${HEAD}content-length: 2\r\n\r\nhi`,
    [200, 'hi', false],
  ],
  ['that ends its connection', `${HEAD}connection: Close\r\ncontent-length: 2\r\n\r\nhi`, [200, 'hi', true]],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi', [200, 'hi', true]],
  [
    'of HTTP/1.0 that is kept',
    'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nhi',
    [200, 'hi', false],
  ],
  ['that says its length twice alike', `${HEAD}content-length: 2\r\nContent-Length: 2\r\n\r\nhi`, [200, 'hi', false]],
  [
    'that says its length and chunks',
    `${HEAD}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
    [200, 'hi', true],
  ],
];

describe('a response', () => {
  it.each(WHOLE)('%s is read whole', (_, text, shown) => {
    expect(show(readIn([bytes(text)]))).toEqual(shown);
  });

  it.each(WHOLE)('%s is read in two pieces, wherever it is cut', (_, text, shown) => {
    for (let cut = 1; cut < text.length; cut++)
      expect(show(readIn([bytes(text.slice(0, cut)), bytes(text.slice(cut))]))).toEqual(shown);
  });

  it.each(WHOLE)('%s is read byte by byte', (_, text, shown) => {
    expect(show(readIn([...text].map(bytes)))).toEqual(shown);
  });

  it('is followed by others on the same connection', () => {
    const reader = new ResponseReader(LIMIT);
    for (const [, text, shown] of WHOLE) expect(show(readIn([bytes(text)], reader))).toEqual(shown);
  });

  it('makes a connection unusable when something comes after it', () => {
    expect(show(readIn([bytes(`${HEAD}content-length: 2\r\n\r\nhi!`)]))).toEqual([200, 'hi', true]);
    expect(show(readIn([bytes(`${HEAD}transfer-encoding: chunked\r\n\r\n0\r\n\r\n!`)]))).toEqual([200, '', true]);
    expect(show(readIn([bytes('HTTP/1.1 204 No Content\r\n\r\n!')]))).toEqual([204, '', true]);
  });

  it('without a length goes to the end of its connection', () => {
    const reader = new ResponseReader(LIMIT);
    expect(readIn([bytes(`${HEAD}\r\nhel`), bytes('lo')], reader)).toBeUndefined();
    expect(reader.end()?.body.toString()).toBe('hello');
    expect(reader.end()).toBeUndefined();
  });

  it('of known size is not whole when its connection ends early', () => {
    const reader = new ResponseReader(LIMIT);
    expect(readIn([bytes(`${HEAD}content-length: 5\r\n\r\nhel`)], reader)).toBeUndefined();
    expect(reader.end()).toBeUndefined();
  });

  it('has its headers by lower-case names, repeated ones in a list, and how long its connection is kept', () => {
    const received = readIn([
      bytes(
        'HTTP/1.1 200\r\nSet-Cookie: a=1\r\nset-cookie:b=2 \r\nKeep-Alive: max=3, timeout=7\r\ncontent-length: 0\r\n\r\n',
      ),
    ]);
    expect(received?.reply.headers).toEqual({
      'set-cookie': ['a=1', 'b=2'],
      'keep-alive': 'max=3, timeout=7',
      'content-length': '0',
    });
    expect(received?.keepAliveSeconds).toBe(7);
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a line that is no header', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a header folded over two lines', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nhi'],
    ['a name that objects have already', 'HTTP/1.1 200 OK\r\n__proto__: x\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi!'],
    ['a chunk without a size', `${HEAD}transfer-encoding: chunked\r\n\r\nxyz\r\n`],
    ['a chunk that is longer than it says', `${HEAD}transfer-encoding: chunked\r\n\r\n2\r\nhello\r\n`],
    ['a chunk whose line ends in a bare line feed', `${HEAD}transfer-encoding: chunked\r\n\r\n2\nhi\r\n`],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`],
  ])('is refused for %s', (_, text) => {
    expect(() => readIn([bytes(text)])).toThrow(expect.objectContaining({ name: 'ReplyError', fault: 'malformed' }));
  });

  it.each([
    ['by the size it says, before it comes', `${HEAD}content-length: 1001\r\n\r\n`],
    ['by the size of a chunk, before that comes', `${HEAD}transfer-encoding: chunked\r\n\r\nffffff\r\n`],
    ['by what has come', `${HEAD}\r\n${'x'.repeat(1001)}`],
  ])('is too large %s', (_, text) => {
    expect(() => readIn([bytes(text)])).toThrow(expect.objectContaining({ name: 'ReplyError', fault: 'too large' }));
  });
});
