import { BlockList, isIP } from 'node:net';
import { Refusal } from '#kernel/errors';

/** Where an outgoing call may do harm: ourselves, our own network, and the metadata services of clouds. */
const OWN_RANGES: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Decides by host name and by the address it resolved to. `allow` holds host names, addresses and CIDR ranges. */
export const openAddressRule = (allow: readonly string[]) => {
  const own = new BlockList();
  for (const [net, prefix, family] of OWN_RANGES) own.addSubnet(net, prefix, family);
  const allowed = new BlockList();
  const names = new Set<string>();
  for (const entry of allow) {
    const [net = '', prefix] = entry.split('/');
    if (isIP(net) === 0) names.add(entry.toLowerCase());
    else if (prefix === undefined) allowed.addAddress(net, familyOf(net));
    else if (
      Number.isInteger(Number(prefix)) &&
      Number(prefix) >= 0 &&
      Number(prefix) <= (isIP(net) === 6 ? 128 : 32)
    )
      allowed.addSubnet(net, Number(prefix), familyOf(net));
    else throw new Refusal('invalid', `EGRESS_ALLOW: ${entry} is no range of addresses.`);
  }
  return (host: string, address: string): boolean =>
    names.has(host.toLowerCase()) ||
    allowed.check(address, familyOf(address)) ||
    !own.check(address, familyOf(address));
};
