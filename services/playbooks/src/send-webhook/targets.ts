import ipaddr from 'ipaddr.js'
import type { LookupAddress } from 'node:dns'
import { lookup as lookupInSystem } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'

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
  if (/[{}…]/.test(target)) return 'must be literal, without placeholders'
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

/** All addresses of a name. */
export type Resolve = (host: string, family: Family) => Promise<LookupAddress[]>
type Family = number | 'IPv4' | 'IPv6'

const resolveInSystem: Resolve = (host, family) => lookupInSystem(host, { family, all: true })

// The system's resolver has four threads for the whole process and cannot be stopped: a name whose servers do not answer
// takes one of them, however many webhooks wait for it.
const oneAtATime = (resolve: Resolve): Resolve => {
  const underWay = new Map<string, Promise<LookupAddress[]>>()
  return (host, family) => {
    const key = `${family} ${host}`
    const joined = underWay.get(key)
    if (joined) return joined
    const begun = resolve(host, family).finally(() => underWay.delete(key))
    underWay.set(key, begun)
    return begun
  }
}

/**
 * A `lookup` for sockets: resolves a name once and hands over only what the policy allows, so that the address checked
 * is the address connected to. One address that is not allowed refuses the name. Keep one for all sockets.
 */
export const checkedLookup = (policy: TargetPolicy, resolve: Resolve = resolveInSystem): LookupFunction => {
  const resolved = oneAtATime(resolve)
  const allowed = callbackify(async (host: string, family: Family): Promise<LookupAddress[]> => {
    const addresses = await resolved(host, family)
    if (!policy.privateTargets && !addresses.every(({ address }) => isGlobalAddress(address)))
      throw new TargetRefusedError('the target resolves to an address that is not globally routable')
    return addresses
  })
  return (host, { family = 0, all = false }, callback) =>
    allowed(host, family, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) return callback(error ?? new Error(`${host} has no address`), '')
      return all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
}
