import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '@/lib/brand/public-address'

describe('isPublicAddress', () => {
  it.each([
    ...['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.15.255.255', '172.32.0.0', '100.63.255.255'],
    ...['192.169.0.1', '169.253.1.1', '223.255.255.255', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'],
  ])('accepts %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    // This host, private networks, shared address space, loopback, and link-local with cloud metadata services.
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.1',
      '10.255.255.255',
      '100.64.0.1',
      '100.127.255.254',
      '100.100.100.200',
    ],
    ...['127.0.0.1', '127.1.2.3', '127.255.255.255', '169.254.0.1', '169.254.169.254', '172.16.0.1'],
    ...['172.31.255.255', '192.168.0.1', '192.168.255.255'],
    // Reserved for protocols, documentation, benchmarks and future use; multicast and broadcast.
    ...[
      '192.0.0.1',
      '192.0.0.192',
      '192.0.2.1',
      '192.31.196.1',
      '192.52.193.1',
      '192.88.99.1',
      '192.175.48.1',
    ],
    ...['198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255'],
    ...['240.0.0.1', '255.255.255.255'],
    // The corresponding ranges of IPv6.
    ...[
      '::',
      '::1',
      'fe80::1',
      'febf::1',
      'fec0::1',
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '100::1',
      '5f00::1',
    ],
    ...['2001:db8::1', '3fff::1', '2001::1', '2001:10::1', '2001:1ff:ffff::1', '2620:4f:8000::1'],
    // IPv6 addresses that contain an IPv4 address: mapped, compatible, translated, 6to4, Teredo.
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:0:127.0.0.1'],
    ...['0:0:0:0:0:ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::'],
    ...['2002:a9fe:a9fe::1', '2001:0:7f00:1::1'],
    // Texts that no resolver returns as an address.
    ...[
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      'localhost',
      '',
      '1.1.1.1.',
      'fe80::1%eth0',
      '[::1]',
    ],
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})
