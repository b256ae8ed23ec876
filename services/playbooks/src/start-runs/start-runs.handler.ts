import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import type { Change } from '../domain/change.ts'
import { type Decided, decideAll, type Match, matchesAmong, windowsOf } from '../domain/plan.ts'
import { ACTION_STEP } from '../domain/playbook.ts'
import { webhookIdOf, whyOf } from '../domain/run.ts'
import { webhookTimer } from '../send-webhook/webhook-timer.ts'
import { type NewAction, type NewRun, Runs } from '../store/runs.ts'
import { ActivePlaybooks } from './active-playbooks.ts'
import { publishHeldBack, publishStart } from './publish-decisions.ts'

const changesOf = (event: EventOn<'health.changes.v1'>): Change[] => {
  const of = { id: event.id, eventType: event.type, time: event.time, accountId: event.data.accountId }
  if (event.type === 'health.band-changed.v1') return [{ ...of, on: 'band-changed', data: event.data }]
  return event.type === 'health.score-moved.v1' ? [{ ...of, on: 'score-moved', data: event.data }] : []
}

const runOf = ({ runId, playbook, change, dedupeKey, decision }: Decided, now: Date): NewRun => ({
  id: runId,
  playbook: playbook.name,
  version: playbook.version,
  accountId: change.accountId,
  dedupeKey,
  occurredAt: change.time,
  decidedAt: now,
  why: whyOf(playbook, change, decision),
  heldBack: decision.kind === 'held-back' ? decision.reason : null,
})

const actionOf = ({ id, decidedAt }: NewRun): NewAction => ({
  runId: id,
  step: ACTION_STEP,
  kind: 'webhook',
  webhookId: webhookIdOf(id, ACTION_STEP),
  dueAt: decidedAt,
})

@Controller()
export class StartRunsHandler {
  constructor(
    private readonly playbooks: ActivePlaybooks,
    private readonly runs: Runs,
  ) {}

  @EventPattern<TopicName>(topics.healthChanges.name)
  async start(@Payload() events: readonly EventOn<'health.changes.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    const matched = matchesAmong(this.playbooks.current, events.flatMap(changesOf))
    const decided = matched.length === 0 ? [] : await this.#decide(matched, chunk)
    if (decided.length === 0) return
    const runs = decided.map((one) => runOf(one, chunk.now))
    const actions = runs.filter(({ heldBack }) => heldBack === null).map(actionOf)
    await this.runs.add(chunk.tx, runs, actions)
    const byRun = new Map(actions.map((action) => [action.runId, action]))
    for (const run of runs) {
      const action = byRun.get(run.id)
      if (action === undefined) publishHeldBack(chunk, run)
      else {
        publishStart(chunk, run, action)
        chunk.schedule(webhookTimer(run.accountId, action))
      }
    }
  }

  async #decide(matched: readonly Match[], { tx }: Chunk): Promise<Decided[]> {
    const before = await this.runs.decided(
      tx,
      matched.map(({ runId }) => runId),
    )
    const fresh = matched.filter(({ runId }) => !before.has(runId))
    return decideAll(fresh, await this.runs.keyStates(tx, windowsOf(fresh)))
  }
}
