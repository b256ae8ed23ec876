// After the faults: what was accepted against what the system says it counted and did.
import type { Api } from '../drive/api.ts'
import type { Traffic } from '../drive/traffic.ts'

interface UsageItem {
  readonly day: string
  readonly event: string
  readonly count: number
}

export interface Difference {
  lost: number
  doubled: number
}

/** Events accepted and not counted, or counted more often than accepted, over every account, day and event. */
export const auditUsage = async (
  traffic: Pick<Traffic, 'facts'>,
  accountIds: ReadonlyMap<string, string>,
  api: Pick<Api, 'all'>,
): Promise<Difference> => {
  const counted = new Map<string, number>()
  for (const [externalId, accountId] of accountIds)
    for (const { day, event, count } of await api.all<UsageItem>('health', `/v1/accounts/${accountId}/usage`))
      counted.set(`${externalId}|${day}|${event}`, count)
  const difference: Difference = { lost: 0, doubled: 0 }
  for (const key of new Set([...traffic.facts.keys(), ...counted.keys()])) {
    const missing = (traffic.facts.get(key) ?? 0) - (counted.get(key) ?? 0)
    if (missing > 0) difference.lost += missing
    else difference.doubled -= missing
  }
  return difference
}

export interface EffectAudit extends Difference {
  redelivered: number
}

/**
 * One effect of a kind per probe, by the ids under which it arrived: none is lost, a second id is doubled. A repeat of the
 * same id is a redelivery, which receivers drop by the id: counted apart. `arrived`: effects of the kind in all; one that
 * is of no probe fired was never caused, and counts as doubled.
 */
export const auditEffects = (idsOfProbes: readonly (readonly string[])[], arrived: number): EffectAudit => {
  const audit = { lost: 0, doubled: 0, redelivered: 0 }
  let uncaused = arrived
  for (const ids of idsOfProbes) {
    const different = new Set(ids).size
    if (different === 0) audit.lost += 1
    else audit.doubled += different - 1
    audit.redelivered += ids.length - different
    uncaused -= ids.length
  }
  audit.doubled += uncaused
  return audit
}
