import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Followed, followSupergraph } from '../../../gateway/supergraph/follow.ts';
import type { LoadedSdl, Source } from '../../../gateway/supergraph/source.ts';
import { createComposeSource } from '../../../gateway/supergraph/source-compose.ts';
import { buildSupergraph } from '../../../gateway/supergraph/supergraph.ts';
import { createPlanners, type Planners } from '../../../planning/planners.ts';
import { createLog } from '../../../service/logs.ts';
import { PLANNING } from '../../support/planning-options.ts';
import { until } from '../../support/until.ts';

/** A load that has read its files and is not done before it is told to be. */
interface HeldLoad {
  finish(): void;
}

describe('a load that takes its time', () => {
  let directory: string;
  let held: HeldLoad[];
  let isHolding: boolean;
  let loads: number;
  let followed: Followed | undefined;
  let planners: Planners;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-follow-'));
    const yaml = 'subgraphs:\n  one:\n    routing_url: http://127.0.0.1:1\n    schema: { file: one.graphql }\n';
    writeFileSync(join(directory, 'supergraph.yaml'), yaml);
    writeFields('first');
    held = [];
    planners = createPlanners(PLANNING);
    loads = 0;
    isHolding = true;
    followed = undefined;
  });
  afterEach(async () => {
    isHolding = false;
    for (const { finish } of held) finish();
    await followed?.close();
    await planners.close();
    rmSync(directory, { recursive: true });
  });

  const writeFields = (...names: string[]) =>
    writeFileSync(join(directory, 'one.graphql'), `type Query { ${names.map((name) => `${name}: Int`).join(' ')} }`);
  const fields = () => Object.keys(followed?.current().apiSchema.getQueryType()?.getFields() ?? {});

  function follow(pollIntervalMs: number): Promise<Followed> {
    const { description, load } = createComposeSource(join(directory, 'supergraph.yaml'), {});
    const source: Source = {
      description,
      load: async () => {
        loads++;
        const loaded = await load();
        if (!isHolding) return loaded;
        return new Promise<LoadedSdl>((resolve) => held.push({ finish: () => resolve(loaded) }));
      },
    };
    const build = (sdl: string) =>
      buildSupergraph(sdl, { origin: 'test', createPlanner: planners.create, enforced: new Set() });
    return followSupergraph({
      source,
      build,
      prepare: async () => undefined,
      retire: () => undefined,
      pollIntervalMs,
      log: createLog('test', 'silent'),
    });
  }

  async function finish(count: number): Promise<void> {
    await until(() => held.length >= count);
    held[count - 1]?.finish();
  }

  it('is followed by another when a file changed during the first one', async () => {
    const starting = follow(20);
    await until(() => held.length === 1);
    writeFields('first', 'second');
    await finish(1);
    followed = await starting;
    expect(fields()).toEqual(['first']);
    await finish(2);
    await until(() => fields().length === 2);
  });

  it('is followed by another when a file changed during a reload', async () => {
    const starting = follow(20);
    await finish(1);
    followed = await starting;
    writeFields('first', 'second');
    await until(() => held.length === 2);
    writeFields('first', 'second', 'third');
    isHolding = false;
    await finish(2);
    await until(() => fields().length === 3);
  });

  it('is shared by all who ask for a reload while another is running', async () => {
    const starting = follow(0);
    await finish(1);
    followed = await starting;
    const running = followed.reload();
    await until(() => held.length === 2);
    writeFields('first', 'second');
    const waiting = Array.from({ length: 20 }, () => followed?.reload());
    await finish(2);
    await finish(3);
    expect(await running).toMatchObject({ outcome: 'unchanged' });
    const outcomes = await Promise.all(waiting);
    expect(new Set(outcomes.map((outcome) => outcome?.outcome))).toEqual(new Set(['changed']));
    expect(loads).toBe(3);
  });
});
