import { describe, expect, it } from '@jest/globals';
import { createPasswords, deriveKey } from '../../../subgraphs/users/passwords.ts';

describe('passwords', () => {
  it('are hashed at a cost of 128 MB, each with a salt of its own', async () => {
    const passwords = createPasswords();
    const [one, other] = await Promise.all([passwords.hash('analytical-engine'), passwords.hash('analytical-engine')]);
    expect(one).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(other).not.toBe(one);
    expect(await passwords.verify('analytical-engine', one)).toBe(true);
    expect(await passwords.verify('analytical-engin', one)).toBe(false);
  });

  it('that were hashed at another cost are still verified', async () => {
    const hash = await createPasswords({ ln: 8, r: 4, p: 2 }).hash('analytical-engine');
    expect(await createPasswords({ ln: 10, r: 8, p: 1 }).verify('analytical-engine', hash)).toBe(true);
  });

  it('are the same however a keyboard composes them', async () => {
    const passwords = createPasswords({ ln: 8, r: 8, p: 1 });
    expect(await passwords.verify('caf\u0065\u0301-analytique', await passwords.hash('caf\u00e9-analytique'))).toBe(
      true,
    );
  });

  it('of nobody are never right, and cost as much', async () => {
    const derived: unknown[] = [];
    const passwords = createPasswords({ ln: 10, r: 8, p: 1 }, (password, salt, keyBytes, options) => {
      derived.push({ saltBytes: salt.length, keyBytes, options });
      return deriveKey(password, salt, keyBytes, options);
    });
    const hash = await passwords.hash('analytical-engine');
    derived.length = 0;
    expect(await passwords.verify('wrong', hash)).toBe(false);
    expect(await passwords.verify('wrong', undefined)).toBe(false);
    expect(derived).toHaveLength(2);
    expect(derived[1]).toEqual(derived[0]);
  });

  it('are hashed two at a time, and those who come when too many wait are told so', async () => {
    const passwords = createPasswords({ ln: 8, r: 8, p: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 110 }, () => passwords.verify('wrong', undefined)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toHaveLength(8);
    expect(refused[0]).toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
    expect(await passwords.verify('wrong', undefined)).toBe(false);
  });
});
