import { describe, expect, it } from '@jest/globals';
import { createReadClientAddress } from '../../../gateway/guard/client-address.ts';

describe('the address of a client', () => {
  const behind = createReadClientAddress(['10.0.0.0/8', '192.0.2.7', '2001:db8:ffff::/48']);

  it.each([
    ['nobody else has a say', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['behind a proxy', '10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['what it wrote itself does not count', '10.0.0.1', '198.51.100.1, 203.0.113.5', '203.0.113.5'],
    ['behind several proxies', '192.0.2.7', '198.51.100.1, 203.0.113.5, 10.2.3.4,10.9.9.9', '203.0.113.5'],
    ['a proxy that forwards nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['an empty list', '10.0.0.1', '', '10.0.0.1'],
    ['proxies all the way', '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['nonsense ends the list', '10.0.0.1', '203.0.113.5, unknown, 10.0.0.3', '10.0.0.3'],
    ['nonsense alone', '10.0.0.1', "'; drop table", '10.0.0.1'],
    ['with a port', '10.0.0.1', '203.0.113.5:4711', '203.0.113.5'],
    ['IPv6 with a port', '10.0.0.1', '[2001:db8:1:2::5]:4711', '2001:db8:1:2::/64'],
    ['a proxy seen as IPv6', '::ffff:10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['a proxy of an IPv6 range', '2001:db8:ffff:9::1', '203.0.113.5', '203.0.113.5'],
    ['not of that range', '2001:db8:fffe:9::1', '203.0.113.5', '2001:db8:fffe:9::/64'],
  ])('%s', (_, connected, forwardedFor, client) => {
    expect(behind(connected, forwardedFor)).toBe(client);
  });

  it('is who connects when no proxy is trusted', () => {
    const direct = createReadClientAddress([]);
    expect(direct('10.0.0.1', '203.0.113.5')).toBe('10.0.0.1');
    expect(direct(undefined, '203.0.113.5')).toBe('');
  });

  it('tells once of what may be a proxy that nobody named', () => {
    const told: string[] = [];
    const read = createReadClientAddress(['10.0.0.0/8'], { onUntrusted: (address) => told.push(address) });
    read('192.0.2.9', undefined);
    read('10.0.0.1', '203.0.113.5');
    expect(told).toEqual([]);
    for (const address of ['192.0.2.7', '192.0.2.8']) expect(read(address, '203.0.113.5')).toBe(address);
    expect(told).toEqual(['192.0.2.7']);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::8', '1:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['::ffff:cb00:7105', '203.0.113.5'],
  ])('of IPv6 is its network: %s', (address, client) => {
    expect(createReadClientAddress([])(address, undefined)).toBe(client);
  });
});
