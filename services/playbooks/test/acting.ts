import { type AccountProfiled, type Sealed, topics } from '@banso/contracts'
import { EVENT_LOG, type EventLog } from '@banso/messaging'
import { encrypt, makeDataKey, MasterKey } from '@banso/platform'
import { accountObserved, accountProfiled, eventually, personKeyMade } from '@banso/testing'
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { ActivePlaybooks } from '../src/start-runs/active-playbooks.ts'
import type { ActionShown } from '../src/store/action-reads.ts'
import type { TaskShown } from '../src/store/tasks.ts'
import type { Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

/** BANSO_MASTER_KEY of specs that seal. */
export const master = randomBytes(32).toString('base64')

type Traits = AccountProfiled['traits']

/** An account with sealed traits, as ingestion and accounts tell of it: its key, and its profile. */
export const sealedAccount = (personal: object, changes: Partial<AccountProfiled> = {}, id: string = randomUUID()) => {
  const dataKey = makeDataKey()
  const sealedOf = (fields: object): Sealed => {
    const nonce = randomBytes(12)
    const data = encrypt(createSecretKey(dataKey), nonce, Buffer.from(JSON.stringify(fields))).toString('base64')
    return { subject: id, nonce: nonce.toString('base64'), data }
  }
  /** What a source says of it: personal traits, and open ones. */
  const said = (fields: object | null, { traits = {}, time = new Date() }: { traits?: Traits; time?: Date } = {}) =>
    accountObserved({ accountId: id, traits, ...(fields && { sealed: sealedOf(fields) }) }, { key: id, time })
  const wrappedKey = new MasterKey(master).wrap(dataKey).toString('base64')
  const profile = {
    accountId: id,
    externalId: 'acme',
    name: 'Acme',
    traits: {},
    sealed: sealedOf(personal),
    ...changes,
  }
  return {
    id,
    key: personKeyMade({ subject: id, wrappedKey }, { key: id }),
    profile: accountProfiled(profile, { key: id }),
    observed: said(personal),
    said,
  }
}

/** What specs of actions do and see of a service. */
export class Acting {
  constructor(readonly service: Service) {}

  async ensureTopics(): Promise<void> {
    await this.service.app.get<EventLog>(EVENT_LOG).ensureTopics([topics.personKeys, topics.profiles])
  }

  put(kind: string, name: string, spec: object) {
    return this.service.call('PUT', `/v1/blueprints/${kind}/${name}`, { kind, name, spec })
  }

  async apply(kind: string, name: string, spec: object): Promise<void> {
    const { status, body } = await this.put(kind, name, spec)
    if (status !== 200) throw new Error(`${kind} ${name} was refused: ${JSON.stringify(body)}`)
  }

  /** A playbook of one action when an account turns red. */
  async act(action: object, name = 'act'): Promise<void> {
    await this.apply('Playbook', name, { mode: 'active', trigger: { on: 'band-changed', to: ['red'] }, action })
    const active = this.service.app.get(ActivePlaybooks)
    await eventually(() => {
      if (!active.current.some((playbook) => playbook.name === name)) throw new Error(`${name} is not active yet`)
    })
  }

  async turnRed(account: string = randomUUID()): Promise<string> {
    await this.service.publish(turnedRed(account))
    return account
  }

  /** Once this service has its own copy of the account. */
  async knows(account: string): Promise<void> {
    await eventually(async () => {
      const rows = await this.rows('SELECT FROM account_facts WHERE account_id = $1 AND profile IS NOT NULL', account)
      if (rows.length === 0) throw new Error('the account is not known yet')
    })
  }

  rows<T extends object>(sql: string, ...values: readonly unknown[]): Promise<T[]> {
    return this.service.app.get(DataSource).query<T[]>(sql, [...values])
  }

  async list<T>(path: string): Promise<readonly T[]> {
    return (await this.service.read<{ items: readonly T[] }>(path)).items
  }

  actions(query: string): Promise<readonly ActionShown[]> {
    return this.list<ActionShown>(`/v1/actions?${query}`)
  }

  tasks(query: string): Promise<readonly TaskShown[]> {
    return this.list<TaskShown>(`/v1/tasks?${query}`)
  }

  /** The account's newest action, once it is in this state. */
  actionIn(state: string, account: string): Promise<ActionShown> {
    return eventually(async () => {
      const [action] = await this.actions(`account=${account}`)
      if (action?.state === state) return action
      throw new Error(`the newest action is ${action?.state ?? 'not there'} (${action?.reason}), not ${state}`)
    })
  }

  /** Once this many attempts were recorded. */
  async attempts(account: string, count: number) {
    return eventually(async () => {
      const [run] = await this.service.runsOf(account)
      const attempts = run?.actions[0]?.attempts ?? []
      if (attempts.length === count) return attempts
      throw new Error(`there are ${attempts.length} attempts, not ${count}`)
    })
  }

  redrive({ run }: ActionShown) {
    return this.service.call('POST', `/v1/actions/${run.id}/${run.step}/redrive`)
  }

  async metrics(): Promise<string> {
    return (await this.service.app.inject({ method: 'GET', url: '/metrics' })).body
  }
}
