import type { Timer, TimerHandler, TimerResult, Timers, Work } from '@banso/messaging'
import type { DataSource } from 'typeorm'
import { actionPayload } from '../start-actions/action-timer.ts'
import { holdControls } from '../store/controls.ts'
import { isPausedRun } from '../store/held-actions.ts'

/** When what a pause holds is looked at again, should its end be missed; the end lets it go at once. */
const LOOK_AGAIN_MS = 600_000

const HELD = Symbol('held')

export interface ActionHandler<R> extends TimerHandler<R> {
  perform(timer: Timer, signal: AbortSignal): Promise<R>
}

/** The handler of an action, but that nothing is performed while its playbook is paused. */
const heldInPauses = <R>(handler: ActionHandler<R>, database: DataSource): TimerHandler<R | typeof HELD> => ({
  kind: handler.kind,
  concurrency: handler.concurrency ?? 1,
  perform: async (timer, signal) => {
    const held = await isPausedRun(database.manager, actionPayload(timer.payload).runId)
    return held ? HELD : handler.perform(timer, signal)
  },
  settle: async (timer, performed, work): Promise<TimerResult> => {
    const payload = actionPayload(timer.payload)
    if (performed === HELD) return held(payload.runId, payload, work)
    const result = await handler.settle(timer, performed, work)
    return result === 'fired' ? result : { payload, ...result }
  },
})

// The word of controls is held, so that the command that ends the pause finds this timer among those to let go.
const held = async (runId: string, payload: object, { tx, now }: Work): Promise<TimerResult> => {
  await holdControls(tx)
  return (await isPausedRun(tx, runId))
    ? { again: new Date(now.getTime() + LOOK_AGAIN_MS), payload: { ...payload, held: true } }
    : { again: now, payload }
}

/** The timers of actions: what was requested before a pause waits for its end; what is being sent is finished. */
export class ActionTimers {
  constructor(
    private readonly timers: Pick<Timers, 'register'>,
    private readonly database: DataSource,
  ) {}

  register<R>(handler: ActionHandler<R>): void {
    this.timers.register(heldInPauses(handler, this.database))
  }
}
