import 'server-only'
import { BlockList, isIP } from 'node:net'

/**
 * IPv4 addresses that are not on the public internet.
 *
 * @see {@link https://www.iana.org/assignments/iana-ipv4-special-registry IANA, IPv4 special-purpose addresses}
 */
const SPECIAL_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24'],
  ...['192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]

/**
 * IPv6 addresses within {@link GLOBAL_IPV6} that are not on the public internet, or that contain an IPv4 address.
 *
 * @see {@link https://www.iana.org/assignments/iana-ipv6-special-registry IANA, IPv6 special-purpose addresses}
 */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

/** The only IPv6 addresses that IANA assigns for the public internet. */
const GLOBAL_IPV6 = ['2000::/3']

const special = listOf(SPECIAL_IPV4, 'ipv4')
const specialIpv6 = listOf(SPECIAL_IPV6, 'ipv6')
const globalIpv6 = listOf(GLOBAL_IPV6, 'ipv6')

/**
 * Whether an IP address is on the public internet: not private, loopback, link-local, shared, multicast, reserved or for
 * documentation, and not an IPv6 address that contains an IPv4 address.
 *
 * @param address - In the notation of a resolver or a socket. The result is false for a host name or an unusual notation.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4')
    case 6:
      return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6')
    default:
      return false
  }
}

function listOf(subnets: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}
