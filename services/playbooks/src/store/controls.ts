import type { EntityManager } from 'typeorm'
import { type ControlCommand, controlledBy, UNCONTROLLED } from '../domain/control.ts'
import { type CapKey, capKeyOf, type Control, Controls } from '../domain/ports.ts'

/** Stands for all playbooks where a name is asked for. */
export const ALL_PLAYBOOKS = ''

export interface GivenCommand {
  readonly command: ControlCommand
  readonly by: string | null
  readonly reason: string | null
  readonly at: Date
}

export interface ControlShown extends Control {
  /** Null: all. */
  readonly playbook: string | null
  readonly lastCommand: GivenCommand | null
}

interface ControlFields {
  readonly playbook: string
  readonly paused: boolean
  readonly mode: 'observe' | 'active' | null
  readonly activated_at: Date | null
}

// Deciders share it, commands have it alone: when a command is answered, no decision of before is still under way.
const LOCK = 6_041_795

/** What controls say holds until the transaction ends: who gives a command waits for that. */
export const holdControls = async (tx: EntityManager): Promise<void> => {
  await tx.query(`SELECT pg_advisory_xact_lock_shared($1)`, [LOCK])
}

const controlOf = (row: ControlFields | undefined): Control =>
  row === undefined ? UNCONTROLLED : { paused: row.paused, mode: row.mode, activatedAt: row.activated_at }

/** Who may act, and how often. What is decided by it holds until the transaction ends. */
export class PlaybookControls extends Controls {
  override async read(tx: EntityManager, playbooks: readonly string[]): Promise<ReadonlyMap<string, Control>> {
    // By a statement of its own: one that waits for the lock reads the rows as they were before it waited.
    await holdControls(tx)
    const rows = await tx.query<ControlFields[]>(
      `SELECT playbook, paused, mode, activated_at FROM playbook_control WHERE playbook = ANY($1::text[])`,
      [[ALL_PLAYBOOKS, ...playbooks]],
    )
    const byName = new Map(rows.map((row) => [row.playbook, controlOf(row)]))
    const allPaused = byName.get(ALL_PLAYBOOKS)?.paused ?? false
    return new Map(
      playbooks.map((name) => {
        const own = byName.get(name) ?? UNCONTROLLED
        return [name, { ...own, paused: own.paused || allPaused }]
      }),
    )
  }

  override async used(tx: EntityManager, keys: readonly CapKey[]): Promise<ReadonlyMap<string, number>> {
    if (keys.length === 0) return new Map()
    const columns = [keys.map(({ playbook }) => playbook), keys.map(({ step }) => step), keys.map(({ day }) => day)]
    await tx.query(
      `INSERT INTO action_cap (playbook, step, day)
       SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::date[]) AS key(playbook, step, day)
       ORDER BY playbook, step, day ON CONFLICT DO NOTHING`,
      columns,
    )
    const rows = await tx.query<(CapKey & { readonly used: number })[]>(
      `SELECT playbook, step, day::text AS day, used FROM action_cap
       WHERE (playbook, step, day) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::date[]))
       ORDER BY playbook, step, day FOR UPDATE`,
      columns,
    )
    return new Map(rows.map((row) => [capKeyOf(row), row.used]))
  }

  override async use(tx: EntityManager, uses: readonly (CapKey & { readonly count: number })[]): Promise<void> {
    if (uses.length === 0) return
    await tx.query(
      `INSERT INTO action_cap AS cap (playbook, step, day, used)
       SELECT playbook, step, day, sum(count) FROM unnest($1::text[], $2::text[], $3::date[], $4::int[])
         AS use(playbook, step, day, count)
       GROUP BY playbook, step, day ORDER BY playbook, step, day
       ON CONFLICT (playbook, step, day) DO UPDATE SET used = cap.used + excluded.used`,
      [
        uses.map(({ playbook }) => playbook),
        uses.map(({ step }) => step),
        uses.map(({ day }) => day),
        uses.map(({ count }) => count),
      ],
    )
  }

  /** Carries out a command, and keeps who gave it, when and why. Waits until what is being decided is committed. */
  async give(tx: EntityManager, playbook: string, given: GivenCommand): Promise<{ id: string; control: Control }> {
    await tx.query(`SELECT pg_advisory_xact_lock($1)`, [LOCK])
    const [row] = await tx.query<ControlFields[]>(`SELECT * FROM playbook_control WHERE playbook = $1`, [playbook])
    const control = controlledBy[given.command](controlOf(row), given.at)
    await tx.query(
      `INSERT INTO playbook_control (playbook, paused, mode, activated_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (playbook) DO UPDATE SET
         paused = excluded.paused, mode = excluded.mode, activated_at = excluded.activated_at`,
      [playbook, control.paused, control.mode, control.activatedAt],
    )
    const [command] = await tx.query<{ id: string }[]>(
      `INSERT INTO playbook_command (playbook, command, given_by, reason, given_at) VALUES ($1, $2, $3, $4, $5)
       RETURNING id`,
      [playbook, given.command, given.by, given.reason, given.at],
    )
    return { id: command?.id ?? '', control }
  }

  /** Uses of a day by step, as they are; whoever decides by them asks `used`. */
  async usesOf(tx: EntityManager, playbook: string, day: string): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ step: string; used: number }[]>(
      `SELECT step, used FROM action_cap WHERE playbook = $1 AND day = $2`,
      [playbook, day],
    )
    return new Map(rows.map(({ step, used }) => [step, used]))
  }

  /** What was ever controlled, by name, with the last word on it; first, where anything was said to all, that. */
  async shown(tx: EntityManager, among?: readonly string[]): Promise<ControlShown[]> {
    const rows = await tx.query<(ControlFields & CommandFields)[]>(
      `SELECT control.*, command, given_by, reason, given_at FROM playbook_control control
       LEFT JOIN LATERAL (SELECT * FROM playbook_command WHERE playbook = control.playbook ORDER BY id DESC LIMIT 1)
         AS last ON true
       WHERE $1::text[] IS NULL OR control.playbook = ANY($1) ORDER BY control.playbook`,
      [among ?? null],
    )
    return rows.map((row) => ({
      playbook: row.playbook === ALL_PLAYBOOKS ? null : row.playbook,
      ...controlOf(row),
      lastCommand: commandOf(row),
    }))
  }
}

interface CommandFields {
  readonly command: ControlCommand | null
  readonly given_by: string | null
  readonly reason: string | null
  readonly given_at: Date | null
}

const commandOf = ({ command, given_by: by, reason, given_at: at }: CommandFields): GivenCommand | null =>
  command === null || at === null ? null : { command, by, reason, at }
