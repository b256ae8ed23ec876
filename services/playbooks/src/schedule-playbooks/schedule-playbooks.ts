import type { Work } from '@banso/messaging'
import type { LocalTime } from '../domain/local-time.ts'
import type { PlaybookAtHand } from '../domain/playbooks-at-hand.ts'
import { nextDue, type Timing } from '../domain/schedule/due.ts'
import type { Schedules } from '../store/schedules.ts'
import { scheduleTimer, scheduleTimerId } from './schedule-timer.ts'

/** One timer for each playbook that comes by itself. */
export class SchedulePlaybooks {
  constructor(
    private readonly schedules: Schedules,
    private readonly local: LocalTime,
  ) {}

  /** Sets the timers of these playbooks, in the transaction of `work`. What is as it was keeps its timer, overdue or not. */
  async keep(work: Work, playbooks: readonly PlaybookAtHand[]): Promise<void> {
    const wanted = new Map(playbooks.flatMap((playbook) => this.#timingOf(playbook)))
    const unwanted = playbooks.map(({ name }) => name).filter((name) => !wanted.has(name))
    const { changed, ended } = await this.schedules.keep(work.tx, wanted, unwanted)
    for (const name of ended) work.cancelTimer(scheduleTimerId(name))
    for (const name of changed) {
      const timing = wanted.get(name)
      if (timing) work.schedule(scheduleTimer(name, nextDue(timing, work.now, this.local)))
    }
  }

  #timingOf({ name, document: { enabled, trigger } }: PlaybookAtHand): [string, Timing][] {
    if (!enabled || trigger.on !== 'schedule') return []
    return [[name, { every: trigger.every, at: trigger.at, zone: this.local.zone }]]
  }
}
