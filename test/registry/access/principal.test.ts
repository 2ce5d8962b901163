import { describe, expect, it } from '@jest/globals';
import { allows, demand, type Principal } from '../../../registry/access/principal.ts';
import type { Verb } from '../../../registry/storage/tables.ts';

const key = (verbs: readonly Verb[], scope: Partial<Principal> = {}): Principal => ({
  ...{ keyId: 'k', name: 'team', verbs, graphId: null, variant: null, subgraph: null },
  ...scope,
});
const USERS = { graphId: 'shop', variant: 'current', subgraph: 'users' };

describe('what a key allows', () => {
  it('is what its verbs imply', () => {
    expect(allows(key(['admin']), 'publish', USERS)).toBe(true);
    expect(allows(key(['publish']), 'read', USERS)).toBe(true);
    expect(allows(key(['check']), 'read', USERS)).toBe(true);
    expect(allows(key(['publish']), 'check', USERS)).toBe(false);
    expect(allows(key(['report']), 'read', USERS)).toBe(false);
    expect(allows(key(['publish']), 'admin', USERS)).toBe(false);
  });

  it('ends at its graph, variant and subgraph', () => {
    const own = key(['publish'], USERS);
    expect(allows(own, 'publish', USERS)).toBe(true);
    expect(allows(own, 'publish', { ...USERS, subgraph: 'orders' })).toBe(false);
    expect(allows(own, 'publish', { ...USERS, variant: 'staging' })).toBe(false);
    expect(allows(own, 'publish', { ...USERS, graphId: 'other' })).toBe(false);
    expect(allows(own, 'publish', { graphId: 'shop', variant: 'current' })).toBe(false);
    expect(allows(own, 'publish', { graphId: 'shop' })).toBe(false);
  });

  it('is to read the whole variant, whatever subgraph it is for', () => {
    const own = key(['publish'], USERS);
    expect(allows(own, 'read', { ...USERS, subgraph: 'orders' })).toBe(true);
    expect(allows(own, 'read', { graphId: 'shop' })).toBe(true);
    expect(allows(own, 'read', { graphId: 'shop', variant: 'staging' })).toBe(false);
    expect(allows(own, 'read', { graphId: 'other' })).toBe(false);
  });

  it('is refused with the key, the verb and the target', () => {
    const refusal = (principal: Principal | undefined) => {
      try {
        return demand(principal, 'publish', { ...USERS, subgraph: 'orders' });
      } catch (error) {
        return error;
      }
    };
    expect(refusal(undefined)).toMatchObject({ code: 'KEY_INVALID' });
    expect(refusal(key(['publish'], USERS))).toMatchObject({
      code: 'ACCESS_DENIED',
      message:
        'The API key "team" may not publish the subgraph "orders" of shop@current: it is for publish on the subgraph "users" of shop@current.',
    });
    expect(refusal(key(['read']))).toMatchObject({
      message:
        'The API key "team" may not publish the subgraph "orders" of shop@current: it is for read on all graphs.',
    });
    expect(refusal(key(['admin']))).toMatchObject({ name: 'team' });
    expect(() => demand(key(['read']), 'admin', { graphId: '*' })).toThrow(
      'The API key "team" may not administer all graphs: it is for read on all graphs.',
    );
  });
});
