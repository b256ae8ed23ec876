import type { DataSource, EntityManager } from 'typeorm'

export const TASK_STATES = ['open', 'done', 'cancelled'] as const
export type TaskState = (typeof TASK_STATES)[number]

export interface NewTask {
  /** The action's id: it is made once, however often it is asked for. */
  readonly id: string
  readonly runId: string
  readonly step: string
  readonly accountId: string
  readonly playbook: string
  readonly version: number
  readonly title: string
  readonly note: string | null
  /** A name, or `account-owner`. */
  readonly owner: string
  readonly dueAt: Date
}

export interface TaskShown {
  readonly id: string
  readonly account: { readonly id: string }
  readonly playbook: { readonly name: string; readonly version: number }
  readonly run: { readonly id: string; readonly step: string }
  readonly title: string
  readonly note: string | null
  readonly owner: string
  readonly dueAt: Date
  readonly state: TaskState
  readonly createdAt: Date
  readonly closed: { readonly at: Date; readonly by: string; readonly note: string | null } | null
}

export interface TaskFilter {
  readonly account?: string | undefined
  readonly state?: TaskState | undefined
  readonly owner?: string | undefined
}

/** Where a page of tasks begins: behind this one. */
export interface TaskPlace {
  readonly dueAt: string
  readonly id: string
}

interface TaskFields {
  readonly id: string
  readonly run_id: string
  readonly step: string
  readonly account_id: string
  readonly playbook: string
  readonly version: number
  readonly title: string
  readonly note: string | null
  readonly owner: string
  readonly due_at: Date
  readonly state: TaskState
  readonly created_at: Date
  readonly closed_at: Date | null
  readonly closed_by: string | null
  readonly closing_note: string | null
}

const shown = (row: TaskFields): TaskShown => ({
  id: row.id,
  account: { id: row.account_id },
  playbook: { name: row.playbook, version: row.version },
  run: { id: row.run_id, step: row.step },
  title: row.title,
  note: row.note,
  owner: row.owner,
  dueAt: row.due_at,
  state: row.state,
  createdAt: row.created_at,
  closed: row.closed_at && { at: row.closed_at, by: row.closed_by ?? '', note: row.closing_note },
})

/** What playbooks ask people to do. */
export class Tasks {
  constructor(private readonly source: DataSource) {}

  async add(tx: EntityManager, task: NewTask, now: Date): Promise<void> {
    const { id, runId, step, accountId, playbook, version, title, note, owner, dueAt } = task
    await tx.query(
      `INSERT INTO task (id, run_id, step, account_id, playbook, version, title, note, owner, due_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
      [id, runId, step, accountId, playbook, version, title, note, owner, dueAt, now],
    )
  }

  /** By due time, from behind a place on. */
  async list(filter: TaskFilter, behind: TaskPlace | undefined, limit: number): Promise<TaskShown[]> {
    const values: unknown[] = []
    const where = [
      filter.account !== undefined && `account_id = $${values.push(filter.account)}`,
      filter.state !== undefined && `state = $${values.push(filter.state)}`,
      filter.owner !== undefined && `owner = $${values.push(filter.owner)}`,
      behind && `(due_at, id) > ($${values.push(behind.dueAt)}, $${values.push(behind.id)})`,
    ].filter((condition) => typeof condition === 'string')
    const rows = await this.source.query<TaskFields[]>(
      `SELECT * FROM task ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY due_at, id LIMIT $${values.push(limit)}`,
      values,
    )
    return rows.map(shown)
  }

  async get(id: string): Promise<TaskShown | undefined> {
    const [row] = await this.source.query<TaskFields[]>(`SELECT * FROM task WHERE id = $1`, [id])
    return row && shown(row)
  }

  /** Marks an open one done; one that was closed before stays as it is. Undefined: there is no such task. */
  async done(id: string, by: string, note: string | null, now: Date): Promise<TaskShown | undefined> {
    await this.source.query(
      `UPDATE task SET state = 'done', closed_at = $2, closed_by = $3, closing_note = $4 WHERE id = $1 AND state = 'open'`,
      [id, now, by, note],
    )
    return this.get(id)
  }
}
