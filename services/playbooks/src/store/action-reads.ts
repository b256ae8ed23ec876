import type { ActionKind } from '@banso/contracts'
import type { DataSource } from 'typeorm'
import type { ActionSpec } from '../domain/action-spec.ts'
import { maskedAddress, maskedUrl } from '../domain/mail-address.ts'

export const ACTION_STATES = ['requested', 'done', 'failed'] as const
export type ActionState = (typeof ACTION_STATES)[number]

/** An action as it is shown. Where it goes shows as little as is needed to tell one from another. */
export interface ActionShown {
  /** `<run id>-<step>` */
  readonly id: string
  readonly kind: ActionKind
  /** A Slack message is a webhook. */
  readonly channel: ActionSpec['kind']
  readonly to: string
  readonly run: { readonly id: string; readonly step: string }
  readonly account: { readonly id: string }
  readonly playbook: { readonly name: string; readonly version: number }
  readonly state: ActionState
  /** Why it failed. */
  readonly reason: string | null
  readonly attempts: number
  readonly requestedAt: Date
  readonly nextAttemptAt: Date | null
}

export interface ActionFilter {
  readonly state?: ActionState | undefined
  readonly kind?: ActionKind | undefined
  readonly account?: string | undefined
  readonly playbook?: string | undefined
}

/** Where a page of actions begins: behind this one. */
export interface ActionPlace {
  readonly requestedAt: string
  readonly runId: string
  readonly step: string
}

interface ActionFields {
  readonly action_id: string
  readonly kind: ActionKind
  readonly spec: ActionSpec
  readonly run_id: string
  readonly step: string
  readonly account_id: string
  readonly playbook: string
  readonly version: number
  readonly state: ActionState
  readonly reason: string | null
  readonly attempts: number
  readonly requested_at: Date
  readonly next_attempt_at: Date | null
}

const SELECT = `
  SELECT a.action_id, a.kind, a.spec, a.run_id, a.step, r.account_id, r.playbook, r.version, a.state, a.reason,
    a.attempts, d.requested_at, a.next_attempt_at
  FROM delivery d JOIN action a ON a.run_id = d.run_id AND a.step = d.step JOIN run r ON r.id = a.run_id`

const targetOf = (spec: ActionSpec): string => {
  switch (spec.kind) {
    case 'webhook':
    case 'slack':
      return maskedUrl(spec.url)
    case 'email':
      return spec.to === 'owner' ? 'account-owner' : maskedAddress(spec.to.address)
    case 'task':
      return spec.owner === 'owner' ? 'account-owner' : spec.owner.name
    default:
      return spec satisfies never
  }
}

const shown = (row: ActionFields): ActionShown => ({
  id: row.action_id,
  kind: row.kind,
  channel: row.spec.kind,
  to: targetOf(row.spec),
  run: { id: row.run_id, step: row.step },
  account: { id: row.account_id },
  playbook: { name: row.playbook, version: row.version },
  state: row.state,
  reason: row.reason,
  attempts: row.attempts,
  requestedAt: row.requested_at,
  nextAttemptAt: row.next_attempt_at,
})

/** Actions as they are shown. */
export class ActionReads {
  constructor(private readonly source: DataSource) {}

  /** Newest first, from behind a place on. */
  async list(filter: ActionFilter, behind: ActionPlace | undefined, limit: number): Promise<ActionShown[]> {
    const values: unknown[] = []
    const { state, kind, account, playbook } = filter
    const where = [
      state !== undefined && `a.state = $${values.push(state)}`,
      kind !== undefined && `a.kind = $${values.push(kind)}`,
      account !== undefined && `r.account_id = $${values.push(account)}`,
      playbook !== undefined && `r.playbook = $${values.push(playbook)}`,
      behind &&
        `(d.requested_at, d.run_id, d.step) <
          ($${values.push(behind.requestedAt)}, $${values.push(behind.runId)}, $${values.push(behind.step)})`,
    ].filter((condition) => typeof condition === 'string')
    const rows = await this.source.query<ActionFields[]>(
      `${SELECT} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY d.requested_at DESC, d.run_id DESC, d.step DESC LIMIT $${values.push(limit)}`,
      values,
    )
    return rows.map(shown)
  }

  async get(runId: string, step: string): Promise<ActionShown | undefined> {
    const [row] = await this.source.query<ActionFields[]>(`${SELECT} WHERE a.run_id = $1 AND a.step = $2`, [
      runId,
      step,
    ])
    return row && shown(row)
  }
}
