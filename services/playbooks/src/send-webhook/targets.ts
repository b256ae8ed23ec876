import ipaddr from 'ipaddr.js'
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

/** Which targets webhooks may go to. */
export interface TargetPolicy {
  /** http besides https. */
  readonly plainHttp: boolean
  /** Addresses that are not globally routable. */
  readonly privateTargets: boolean
}

const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3')

/**
 * Whether an IP address is globally routable unicast. IPv4 in any IPv6 form (mapped, 64:ff9b::/96, 6to4, Teredo) is
 * not: its own form can be used.
 */
export const isGlobalAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_V6)
}

/** The host of a URL without the brackets of an IPv6 address. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/** What is wrong with a target as it is written; null when nothing is. Names are checked when they are connected to. */
export const targetFault = (target: string, policy: TargetPolicy): string | null => {
  const url = URL.parse(target)
  if (url === null) return 'must be an absolute URL'
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL'
  if (url.protocol === 'http:' && !policy.plainHttp) return 'must be an https URL (http is for development only)'
  if (/[{}]/.test(target)) return 'must be literal, without placeholders'
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password'
  if (url.hash !== '') return 'must not contain a fragment'
  const host = hostOf(url)
  return policy.privateTargets || isIP(host) === 0 || isGlobalAddress(host)
    ? null
    : 'must not be an address that is not globally routable'
}

/** A name resolved to an address that the policy does not allow. */
export class TargetRefusedError extends Error {
  readonly code = 'TARGET_REFUSED'
}

/**
 * A `lookup` for sockets: resolves a name once and hands over only what the policy allows, so that the address checked
 * is the address connected to. One address that is not allowed refuses the name.
 */
export const checkedLookup =
  (policy: TargetPolicy): LookupFunction =>
  (host, options, callback) => {
    resolve(host, { family: options.family ?? 0, all: true }, (error: Error | null, addresses: LookupAddress[]) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) return callback(error ?? new Error(`${host} has no address`), '')
      if (!policy.privateTargets && !addresses.every(({ address }) => isGlobalAddress(address)))
        return callback(new TargetRefusedError('the target resolves to an address that is not globally routable'), '')
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }
