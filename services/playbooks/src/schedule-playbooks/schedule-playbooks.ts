import { setTimers, type Work } from '@banso/messaging'
import type { LocalTime } from '../domain/local-time.ts'
import type { PlaybookAtHand } from '../domain/playbooks-at-hand.ts'
import { nextDue, type Timing } from '../domain/schedule/due.ts'
import type { Schedules } from '../store/schedules.ts'
import { scheduleTimer } from './schedule-timer.ts'

/** One timer for each playbook that comes by itself. */
export class SchedulePlaybooks {
  constructor(
    private readonly schedules: Schedules,
    private readonly local: LocalTime,
  ) {}

  /**
   * Sets the timers of these playbooks. What is as it was keeps its timer, overdue or not; the timer of one that comes no
   * more finds nothing to do.
   */
  async keep({ tx, now }: Pick<Work, 'tx' | 'now'>, playbooks: readonly PlaybookAtHand[]): Promise<void> {
    const wanted = new Map(playbooks.flatMap((playbook) => this.#timingOf(playbook)))
    const unwanted = playbooks.map(({ name }) => name).filter((name) => !wanted.has(name))
    const changed = await this.schedules.keep(tx, wanted, unwanted)
    const timers = changed.flatMap((name) => {
      const timing = wanted.get(name)
      return timing === undefined ? [] : [scheduleTimer(name, nextDue(timing, now, this.local))]
    })
    await setTimers(tx, timers)
  }

  #timingOf({ name, document: { enabled, trigger } }: PlaybookAtHand): [string, Timing][] {
    if (!enabled || trigger.on !== 'schedule') return []
    return [[name, { every: trigger.every, at: trigger.at, zone: this.local.zone }]]
  }
}
