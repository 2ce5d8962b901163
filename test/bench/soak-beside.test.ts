import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { startRawServer } from '../support/raw-server.ts';
import { createBesides, writeAndRead } from './soak-beside.ts';

/** Notes that are written and read for a moment. @param lateBy how many reads after a write still see what was there before */
async function soak(lateBy: number) {
  const notes = new Map<string, string>();
  let late = 0;
  let before = '';
  const server = await startRawServer(async (request, response) => {
    const { query, variables } = JSON.parse(await text(request)) as {
      query: string;
      variables: Record<string, string>;
    };
    const { id = '', text: written } = variables;
    if (written !== undefined) {
      before = notes.get(id) ?? '';
      notes.set(id, written);
      late = lateBy;
    }
    const seen = written ?? (late-- > 0 ? before : (notes.get(id) ?? ''));
    const name = query.startsWith('mutation') ? 'setNote' : 'note';
    response.end(JSON.stringify({ data: { [name]: { id, text: seen } } }));
  });
  const besides = createBesides();
  await writeAndRead(server.url, 'token', performance.now() + 100, besides);
  await server.close();
  return besides;
}

describe('writes beside a soak', () => {
  it('are read again, and nothing is wrong when each read after one sees it', async () => {
    const { wrong, counts } = await soak(0);
    expect(wrong).toEqual([]);
    expect(counts.get('reads')).toBe(5 * (counts.get('writes') ?? 0));
  });

  it('are wrong when a read that began after one sees what was there before', async () => {
    const { wrong, counts } = await soak(3);
    expect(wrong).toHaveLength(counts.get('writes') ?? 0);
    expect(wrong[0]).toMatch(/^soak: read "" where .+ was written$/);
  });
});

describe('a write that is refused', () => {
  it('is told, and no read is wrong for what was there before', async () => {
    const server = await startRawServer(async (request, response) => {
      const { query } = JSON.parse(await text(request)) as { query: string };
      const refusal = { errors: [{ message: 'no' }] };
      response.end(JSON.stringify(query.startsWith('mutation') ? refusal : { data: { note: { text: 'before' } } }));
    });
    const besides = createBesides();
    await writeAndRead(server.url, 'token', performance.now() + 50, besides);
    await server.close();
    expect(new Set(besides.wrong)).toEqual(new Set(['soak: a write was answered with {"errors":[{"message":"no"}]}']));
  });
});

describe('what is said beside a soak', () => {
  it('is added up by name, and a stream of which nothing is said has none', () => {
    const besides = createBesides();
    besides.take('deep', { '200': 1 });
    besides.take('deep', { '200': 2, '429': 1 });
    besides.take('w1', {});
    expect([...(besides.said.get('deep') ?? [])]).toEqual([
      ['200', 3],
      ['429', 1],
    ]);
    expect(besides.said.has('w1')).toBe(false);
  });
});
