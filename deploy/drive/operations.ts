import type { Service } from '../local/secrets.ts'
import type { Api } from './api.ts'

interface Status {
  readonly groups: readonly {
    readonly group: string
    readonly state: string
    readonly lag: number | null
    readonly parked: number
    readonly dead: number
  }[]
  readonly outbox: { readonly rows: number }
}

/** Records that a service has still to read, to send on, or has put aside; null while its log cannot be asked. */
export interface Backlog {
  readonly lag: number | null
  readonly outbox: number
  readonly parked: number
  readonly dead: number
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

export const backlogOf = async (api: Api, service: Service): Promise<Backlog> => {
  const { groups, outbox } = await api.get<Status>(service, '/v1/operations/status')
  return {
    lag: groups.some(({ lag }) => lag === null) ? null : sum(groups.map(({ lag }) => lag ?? 0)),
    outbox: outbox.rows,
    parked: sum(groups.map(({ parked }) => parked)),
    dead: sum(groups.map(({ dead }) => dead)),
  }
}

/** Whether nothing is left to do in any of these services. */
export const isIdle = async (api: Api, services: readonly Service[]): Promise<boolean> => {
  for (const service of services) {
    const { lag, outbox, parked } = await backlogOf(api, service)
    if (lag !== 0 || outbox + parked > 0) return false
  }
  return true
}
