import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type RoverRegistry, startRoverRegistry } from '../support/rover-registry.ts';
import { USERS } from '../support/shop.ts';

const PAGES = ['service-list', 'settings', 'settings/variant'];

describe("the pages that rover's output names", () => {
  let registry: RoverRegistry;
  beforeAll(async () => {
    registry = await startRoverRegistry();
    await registry.publish('shop@current', 'users', USERS, ['--routing-url', 'http://u.test/?a=1&b=<2>']);
  });
  afterAll(() => registry.close());

  it.each(PAGES)('/graph/ID/%s shows what the registry knows, escaped', async (page) => {
    const response = await registry.browse(`/graph/shop/${page}`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('It serves version 1');
    expect(text).not.toContain('<2>');
  });

  it('/graph/ID/persisted-queries lists what there is, and says how to make one and fill it', async () => {
    const show = async () => (await registry.browse('/graph/shop/persisted-queries')).text();
    expect(await show()).toContain('createPersistedQueryList(name: &#34;clients&#34;');
    expect(await show()).toContain('rover persisted-queries publish shop@current');
    await registry.ask(
      'mutation { graph(id: "shop") { createPersistedQueryList(name: "a<b", variants: ["current"]) { id } } }',
    );
    expect(await show()).toMatch(/<td>a&#60;b<td>[\da-f-]{36}<td>current<td>0/);
  });

  it('take a key as the password of a browser, and ask for one', async () => {
    const url = `${registry.url}/graph/shop/service-list`;
    const asked = await fetch(url);
    expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')]);
    const credentials = Buffer.from(`me:${ADMIN_KEY}`).toString('base64');
    expect((await fetch(url, { headers: { authorization: `Basic ${credentials}` } })).status).toBe(200);
  });

  it('send a browser without a key on to the console', async () => {
    const follow = async (path: string) => {
      const response = await fetch(`${registry.url}${path}`, {
        headers: { accept: 'text/html,*/*' },
        redirect: 'manual',
      });
      return [response.status, response.headers.get('location')];
    };
    expect(await follow('/graph/shop/service-list')).toEqual([302, '/#/shop']);
    expect(await follow('/graph/shop/checks/a%2Fb')).toEqual([302, '/#/shop/checks/a%2Fb']);
  });

  it('are shown to no key of another graph, and say when there is no such graph', async () => {
    await registry.ask('mutation { createGraph(id: "other") { id } }');
    const key = await registry.createKey({ name: 'other', graphId: 'other', verbs: ['read'] });
    expect((await fetch(`${registry.url}/graph/shop/settings`, { headers: { 'x-api-key': key } })).status).toBe(403);
    expect((await registry.browse('/graph/nope/settings')).status).toBe(404);
    expect((await registry.browse('/graph/shop/checks/none')).status).toBe(404);
  });
});
