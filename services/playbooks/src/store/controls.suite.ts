import type { TimerHandler } from '@banso/messaging'
import { migrate } from '@banso/platform'
import { createMigratedDatabase, eventually, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource, type EntityManager } from 'typeorm'
import { ActionTimers } from '../control-playbooks/action-timers.ts'
import type { ControlCommand } from '../domain/control.ts'
import { capKeyOf } from '../domain/ports.ts'
import { ALL_PLAYBOOKS, PlaybookControls } from './controls.ts'
import { dataSourceOptions } from './data-source.ts'

const CAP = { playbook: 'calls', step: 'call', day: '2026-03-20' }
const at = (hour: number) => new Date(Date.UTC(2026, 2, 20, hour))

const never = async () => Promise.reject(new Error('it was performed in a pause'))

/** Until somebody waits for the lock of the controls. */
const waiting = (source: DataSource): Promise<void> =>
  eventually(async () => {
    const rows = await source.query<unknown[]>(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    expect(rows).toHaveLength(1)
  })

/** A transaction that has read the controls and is not committed yet. */
class Deciding {
  #end: () => void = () => {}
  #done: Promise<void> = Promise.resolve()

  constructor(
    private readonly source: DataSource,
    private readonly controls: PlaybookControls,
  ) {}

  begin(playbook: string): Promise<void> {
    return new Promise((begun) => {
      this.#done = this.source.transaction(async (tx: EntityManager) => {
        await this.controls.read(tx, [playbook])
        const ended = new Promise<void>((resolve) => {
          this.#end = resolve
        })
        begun()
        await ended
      })
    })
  }

  end(): Promise<void> {
    this.#end()
    return this.#done
  }
}

export const describeControls = (): void => {
  describe('controls', () => {
    const controls = new PlaybookControls()
    let database: TestDatabase
    let source: DataSource

    beforeAll(async () => {
      database = await createMigratedDatabase('playbooks', (url) => migrate(dataSourceOptions(url)))
      source = await new DataSource(dataSourceOptions(database.url)).initialize()
    })
    afterAll(async () => {
      await source?.destroy()
      await database?.drop()
    })
    beforeEach(async () => {
      await source.query('TRUNCATE playbook_control, playbook_command, action_cap')
    })

    const give = (playbook: string, command: ControlCommand, hour = 9) =>
      source.transaction((tx) => controls.give(tx, playbook, { command, by: 'aya', reason: 'a test', at: at(hour) }))
    const read = (...names: string[]) => source.transaction((tx) => controls.read(tx, names))

    it('lets a playbook be that nobody said anything to', async () => {
      expect(await read('calls')).toEqual(new Map([['calls', { paused: false, mode: null, activatedAt: null }]]))
    })

    it('pauses one, and all whatever was said to each', async () => {
      await give('calls', 'pause')
      expect(await read('calls', 'mails')).toMatchObject(
        new Map([
          ['calls', { paused: true, mode: null, activatedAt: null }],
          ['mails', { paused: false, mode: null, activatedAt: null }],
        ]),
      )
      await give(ALL_PLAYBOOKS, 'pause')
      await give('calls', 'resume')
      const both = await read('calls', 'mails')
      expect([...both.values()].map(({ paused }) => paused)).toEqual([true, true])
      await give(ALL_PLAYBOOKS, 'resume')
      expect((await read('calls')).get('calls')?.paused).toBe(false)
    })

    it('keeps when a playbook first became active, and the last word with who and why', async () => {
      await give('calls', 'activate', 9)
      await give('calls', 'observe', 10)
      await give('calls', 'activate', 11)
      expect((await read('calls')).get('calls')).toEqual({ paused: false, mode: 'active', activatedAt: at(9) })
      expect(await controls.shown(source.manager)).toEqual([
        {
          playbook: 'calls',
          paused: false,
          mode: 'active',
          activatedAt: at(9),
          lastCommand: { command: 'activate', by: 'aya', reason: 'a test', at: at(11) },
        },
      ])
    })

    it('answers a pause only when what was decided before it is committed', async () => {
      const order: string[] = []
      const deciding = new Deciding(source, controls)
      await deciding.begin('calls')
      const paused = give('calls', 'pause').then(() => order.push('paused'))
      await waiting(source)
      order.push('decided')
      await deciding.end()
      await paused
      expect(order).toEqual(['decided', 'paused'])
      expect((await read('calls')).get('calls')?.paused).toBe(true)
    })

    it('lets an action that a pause holds be found by the command that ends it', async () => {
      const registered: TimerHandler<unknown>[] = []
      const timers = new ActionTimers({ register: (handler) => void registered.push(handler) }, source)
      timers.register({ kind: 'send-mail', perform: never, settle: never })
      const [handler] = registered
      const payload = { runId: randomUUID(), step: 'tell' }
      const timer = { id: 'action', key: '', kind: 'send-mail', dueAt: at(9), payload, attempts: 1 }
      await give(ALL_PLAYBOOKS, 'pause')
      const performed = await handler?.perform?.(timer, new AbortController().signal)
      let resumed: Promise<unknown> | undefined
      await source.transaction(async (tx) => {
        const work = {
          tx,
          now: at(9),
          publish: () => undefined,
          schedule: () => undefined,
          cancelTimer: () => undefined,
        }
        expect(await handler?.settle(timer, performed, work)).toMatchObject({ payload: { ...payload, held: true } })
        resumed = give(ALL_PLAYBOOKS, 'resume')
        await waiting(source)
      })
      await resumed
      expect((await read('calls')).get('calls')?.paused).toBe(false)
    })

    it('makes who decides during a pause wait for its word', async () => {
      let seen: Promise<boolean | undefined> | undefined
      await source.transaction(async (tx) => {
        await controls.give(tx, 'calls', { command: 'pause', by: null, reason: null, at: at(9) })
        seen = read('calls').then((all) => all.get('calls')?.paused)
        await waiting(source)
      })
      expect(await seen).toBe(true)
    })

    it('counts the uses of a day, each once, however many are at it at once', async () => {
      const takeOne = () =>
        source.transaction(async (tx) => {
          const used = (await controls.used(tx, [CAP])).get(capKeyOf(CAP)) ?? 0
          if (used < 3) await controls.use(tx, [{ ...CAP, count: 1 }])
          return used < 3
        })
      const taken = await Promise.all(Array.from({ length: 8 }, takeOne))
      expect(taken.filter(Boolean)).toHaveLength(3)
      const next = { ...CAP, day: '2026-03-21' }
      expect(await source.transaction((tx) => controls.used(tx, [CAP, next, CAP]))).toEqual(
        new Map([
          [capKeyOf(CAP), 3],
          [capKeyOf(next), 0],
        ]),
      )
    })

    it('forgets the uses of a transaction that is undone', async () => {
      const undone = source.transaction(async (tx) => {
        await controls.use(tx, [{ ...CAP, count: 2 }])
        throw new Error('undone')
      })
      await expect(undone).rejects.toThrow('undone')
      expect((await source.transaction((tx) => controls.used(tx, [CAP]))).get(capKeyOf(CAP))).toBe(0)
    })
  })
}
