import type { Clock } from '@banso/platform'
import { ProblemError } from '@banso/platform'
import type { DataSource } from 'typeorm'
import type { EventLog } from '../log/event-log.ts'
import type { OutboxRelay } from '../outbox/outbox-relay.ts'
import { type DeadLetter, DeadLetters, type Picked, type Replayed } from '../runner/parking/dead-letters.ts'
import type { RunnerMetrics } from '../runner/metrics.ts'
import { consumerGroups } from '../runner/progress/consumer-groups.ts'
import type { RebuildLoop } from '../runner/rebuild/rebuild-loop.ts'
import type { RebuildOptions } from '../runner/rebuild/rebuild-options.ts'
import { startRebuild } from '../runner/rebuild/start-rebuild.ts'
import type { ServiceRunner } from '../service-runner.ts'
import { type Checkup, checkUp } from './checkup.ts'
import { type GroupStatus, groupStatuses } from './group-status.ts'
import { type ResumeAt, resumeGroup } from './resume-group.ts'

export interface OperationsParts {
  /** Also the name of its consumer group. */
  readonly service: string
  readonly dataSource: DataSource
  readonly log: EventLog
  readonly clock: Clock
  readonly metrics: RunnerMetrics
  readonly relay: OutboxRelay
  readonly runner: ServiceRunner
  readonly rebuild: { readonly options: RebuildOptions; readonly loop: RebuildLoop } | undefined
}

export interface Status {
  readonly service: string
  readonly groups: readonly GroupStatus[]
  readonly outbox: {
    readonly state: string
    readonly reason: string | null
    readonly rows: number
    readonly oldestSeconds: number
  }
}

export interface Resumed {
  readonly groups: readonly string[]
  /** The outbox's new generation, when it was behind the log. */
  readonly outboxGeneration: number | null
}

/** What an operator may ask of a running service. */
export class Operations {
  readonly #letters: DeadLetters

  constructor(private readonly parts: OperationsParts) {
    this.#letters = new DeadLetters(parts.dataSource)
  }

  async status(): Promise<Status> {
    const { service, dataSource, log, metrics, relay } = this.parts
    const [groups, backlog] = await Promise.all([groupStatuses(dataSource, log, metrics), relay.backlog()])
    return { service, groups, outbox: { state: relay.state, reason: relay.fault?.message ?? null, ...backlog } }
  }

  checkup(): Promise<Checkup> {
    return checkUp(this.parts)
  }

  /** Lets everything go on that a person must decide about. 409 `NOT_STOPPED` when nothing is stopped. */
  async resume(at: ResumeAt): Promise<Resumed> {
    const { dataSource, log, relay } = this.parts
    const stopped = (await consumerGroups.all(dataSource.manager)).filter(({ state }) => state === 'stopped')
    if (stopped.length === 0 && !relay.fault)
      throw new ProblemError({ code: 'NOT_STOPPED', status: 409, detail: 'no group of this service is stopped' })
    const outboxGeneration = relay.fault ? await relay.raiseGeneration() : null
    const groups: string[] = []
    for (const { name } of stopped) if (await resumeGroup(dataSource, log, name, at)) groups.push(name)
    this.parts.rebuild?.loop.look()
    return { groups, outboxGeneration }
  }

  /** `loseHistory`: though the log lacks some of what the state was made from. */
  async rebuild(loseHistory: boolean): Promise<void> {
    const { service, dataSource, log, rebuild, runner } = this.parts
    if (!rebuild)
      throw new ProblemError({
        code: 'REBUILD_NOT_OFFERED',
        status: 409,
        detail: `${service} has no state that could be made anew from events`,
      })
    const topics = runner.handlers.map(({ topic }) => topic)
    const request = { group: service, topics, dataSource, log, rebuild: rebuild.options, loseHistory }
    await rebuild.loop.begin(() => startRebuild(request))
  }

  dead(afterId: string | undefined, limit: number): Promise<DeadLetter[]> {
    return this.#letters.list(afterId, limit)
  }

  replay(picked: Picked): Promise<Replayed> {
    return this.#letters.replay(picked, this.parts.clock.now())
  }
}
