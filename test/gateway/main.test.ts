import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startProcess } from '../support/process.ts';
import { composeOrThrow, postQuery } from '../support/test-gateway.ts';

const LINK = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${names}])`;
const ENVIRONMENT = { GATEWAY_HTTP_PORT: '0', GATEWAY_ADMIN_PORT: '0' };

describe('npm run gateway', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-main-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  const write = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };

  async function failing(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
    const gateway = startProcess('gateway/main.ts', { args, environment: { ...ENVIRONMENT, ...environment } });
    expect(await gateway.exitCode).toBe(1);
    return gateway.output.all.join('\n');
  }

  it('serves a ready supergraph where it is told to, and stops on SIGTERM with status 0', async () => {
    const supergraph = write(
      'ready.graphql',
      composeOrThrow([{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }]),
    );
    const gateway = startProcess('gateway/main.ts', {
      args: ['--supergraph', supergraph, '--listen', '127.0.0.1:0'],
      environment: ENVIRONMENT,
    });
    const line = await gateway.output.find(/the gateway is serving/);
    const { url, admin } = JSON.parse(line) as { url: string; admin: string };
    expect((await postQuery(url, '{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    expect(await (await fetch(`${admin}/ready`)).json()).toMatchObject({ status: 'ready', subgraphs: ['one'] });
    gateway.kill('SIGTERM');
    expect(await gateway.exitCode).toBe(0);
    expect(gateway.output.all.at(-1)).toContain('"stopped"');
  });

  // Some shells, dash among them, do not pass on what they are told: npm would end, and leave the gateway behind.
  it('stops in order when npm is told to stop, which waits for it', async () => {
    const supergraph = write(
      'by-npm.graphql',
      composeOrThrow([{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }]),
    );
    const npm = startProcess('run', {
      command: 'npm',
      args: ['gateway', '--', '--supergraph', supergraph, '--listen', '127.0.0.1:0'],
      environment: ENVIRONMENT,
    });
    const line = await npm.output.find(/the gateway is serving/);
    const { url } = JSON.parse(line) as { url: string };
    // The line is written shortly before signals are heard.
    expect((await postQuery(url, '{ __typename }')).status).toBe(200);
    npm.kill('SIGTERM');
    expect(await npm.exitCode).toBe(0);
    expect(npm.output.all.some((each) => each.includes('"stopped"'))).toBe(true);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('composes a supergraph.yaml', async () => {
    write('hello.graphql', 'type Query { hello: String }');
    const yaml = write(
      'good.yaml',
      'subgraphs:\n  one:\n    routing_url: http://127.0.0.1:1\n    schema: { file: hello.graphql }\n',
    );
    const environment = { ...ENVIRONMENT, GATEWAY_MODE: 'development' };
    const gateway = startProcess('gateway/main.ts', { args: ['--supergraph', yaml], environment });
    const { url } = JSON.parse(await gateway.output.find(/the gateway is serving/)) as { url: string };
    expect((await postQuery(url, '{ __schema { queryType { fields { name } } } }')).body.data).toEqual({
      __schema: { queryType: { fields: [{ name: 'hello' }] } },
    });
    await gateway.close();
  });

  it('tells all that is wrong with a supergraph.yaml at once', async () => {
    const yaml = write(
      'bad.yaml',
      'subgraphs:\n  one:\n    routing_url: not a url\n    schema: { file: none.graphql }\n  two:\n    routing_url: $' +
        '{env.NOWHERE}\n    shema: {}\n',
    );
    const output = await failing(['--supergraph', yaml]);
    for (const part of ['subgraphs.one.routing_url', 'none.graphql', 'NOWHERE', 'shema'])
      expect(output).toContain(part);
  });

  it('tells every composition error with its code and place', async () => {
    const sdl = (type: string) =>
      `type Query { hello: String @shareable other: ${type} @shareable } ${LINK('"@shareable"')}`;
    write('a.graphql', sdl('String'));
    write('b.graphql', `${sdl('Int')} type Empty { x: Missing }`);
    const yaml = write(
      'clash.yaml',
      ['a', 'b']
        .map((name) => `  ${name}:\n    routing_url: http://127.0.0.1:1\n    schema: { file: ${name}.graphql }\n`)
        .join('')
        .replace(/^/, 'subgraphs:\n'),
    );
    const output = await failing(['--supergraph', yaml]);
    expect(output).toMatch(/INVALID_GRAPHQL: \[b\] Unknown type "?Missing"?.*\(b:1:\d+/);
  });

  it('names what is wrong with a policy module', async () => {
    const supergraph = write(
      'open.graphql',
      composeOrThrow([{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }]),
    );
    const withModule = (file: string) =>
      failing(['--supergraph', supergraph], { GATEWAY_AUTHORIZATION_POLICY_MODULE: file });
    expect(await withModule('/nowhere.mjs')).toContain('authorization.policyModule: /nowhere.mjs cannot be loaded');
    const noFunction = write('none.mjs', 'export const policies = {};');
    expect(await withModule(noFunction)).toContain(`${noFunction} has no function as its default export`);
  });

  it('names a supergraph that is not there, one that is none, an unknown option, and a wrong --listen', async () => {
    expect(await failing(['--supergraph', '/nowhere.graphql'])).toContain(
      'The supergraph file /nowhere.graphql does not exist',
    );
    const none = write('none.graphql', 'type Query { a: Int }');
    expect(await failing(['--supergraph', none])).toContain(`The supergraph of ${none} cannot be loaded`);
    expect(await failing(['--config', write('options.yaml', 'htp: {}')])).toContain('unknown option "htp"');
    expect(await failing(['--listen', 'nonsense'])).toContain('--listen: must be HOST:PORT');
    expect(await failing(['--nonsense'])).toContain("Unknown option '--nonsense'");
  });

  it('says which port is taken and how to choose another', async () => {
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
    const { port } = occupant.address() as AddressInfo;
    const supergraph = write(
      'ready.graphql',
      composeOrThrow([{ name: 'one', url: 'http://127.0.0.1:1', sdl: 'type Query { hello: String }' }]),
    );
    const output = await failing(['--supergraph', supergraph], { GATEWAY_HTTP_PORT: String(port) });
    expect(output).toContain(`Port ${port} on 127.0.0.1 is taken. Choose another with GATEWAY_HTTP_PORT`);
    await new Promise((resolve) => occupant.close(resolve));
  });
});
