import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gatewayConfig } from '../../../gateway/config.ts';
import { createSource, type Engine, startEngine } from '../../../gateway/engine.ts';
import type { Supergraph } from '../../../gateway/supergraph/supergraph.ts';
import { createLog } from '../../../service/logs.ts';
import { ClosingStack } from '../../../service/run.ts';
import { composeOrThrow } from '../../support/test-gateway.ts';

describe('the planner threads of a graph', () => {
  let directory: string;
  let stack: ClosingStack;
  let engine: Engine;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-retired-'));
    writeGraph('type Query { a: Int }');
    stack = new ClosingStack();
    const supergraph = { source: 'file', file: join(directory, 'supergraph.graphql'), pollIntervalMs: 0 };
    const config = gatewayConfig.parse({ supergraph });
    const log = createLog('test', 'silent');
    engine = await startEngine(stack, {
      config,
      source: createSource(config.supergraph, {}, log),
      enforced: new Set(),
      knowsCallers: false,
      log,
    });
  });
  afterEach(async () => {
    await stack.close();
    rmSync(directory, { recursive: true });
  });

  const writeGraph = (sdl: string, url = 'http://127.0.0.1:1') =>
    writeFileSync(join(directory, 'supergraph.graphql'), composeOrThrow([{ name: 'one', url, sdl }]));
  const outcomeOf = ({ planner }: Supergraph) =>
    planner.validate('{ a }', 'test').result.then(
      () => 'validated',
      (error: { fault?: string }) => error.fault,
    );

  it('end when the last request on it has ended after a reload', async () => {
    const first = engine.followed.current();
    const [request, other] = [engine.upstreams.hold(first), engine.upstreams.hold(first)];
    writeGraph('type Query { a: Int b: Int }');
    expect(await engine.followed.reload()).toMatchObject({ outcome: 'changed' });
    request.release();
    expect(await outcomeOf(first)).toBe('validated');
    other.release();
    expect(await outcomeOf(first)).toBe('closed');
    expect(await outcomeOf(engine.followed.current())).toBe('validated');
  });

  it('stay when the next graph cannot be served', async () => {
    const first = engine.followed.current();
    writeGraph('type Query { a: Int c: Int }', 'no-address');
    expect(await engine.followed.reload()).toMatchObject({ outcome: 'failed' });
    expect(engine.followed.current()).toBe(first);
    expect(await outcomeOf(first)).toBe('validated');
  });

  it('end with the gateway', async () => {
    const first = engine.followed.current();
    await stack.close();
    expect(await outcomeOf(first)).toBe('closed');
  });

  it('have the operations of the graph before ready when it is served', async () => {
    const { prepare, plan } = engine;
    const use = async (supergraph: Supergraph) => {
      const prepared = await prepare({ supergraph, text: '{ a }', client: 'test' });
      const [operation] = prepared.operations;
      if (operation === undefined) throw new TypeError('there is no operation');
      return plan({ supergraph, prepared, operation, coercedVariables: {}, client: 'test' });
    };
    await use(engine.followed.current());
    writeGraph('type Query { a: Int b: Int }');
    await engine.followed.reload();
    const next = engine.followed.current();
    expect(prepare({ supergraph: next, text: '{ a }', client: 'test' })).not.toBeInstanceOf(Promise);
  });
});
