import { topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { Advanced } from '../domain/advance.ts'
import { type ActionRequest, actionKindOf, type Actions } from '../domain/ports.ts'
import { actionIdOf } from '../domain/run-id.ts'
import type { RunRef, Runs } from '../store/runs.ts'
import { wakeId, wakeTimer } from './run-timers.ts'

/** A run with what became of it. */
export interface MovedRun {
  readonly run: RunRef
  readonly advanced: Advanced
}

const about = ({ id, accountId, playbook, version }: RunRef) => ({
  runId: id,
  accountId,
  playbook: { name: playbook, version },
})

const requestsOf = ({ run, advanced }: MovedRun): ActionRequest[] =>
  advanced.outputs.flatMap((output) => {
    if (output.kind !== 'request') return []
    const { id: runId, accountId, playbook, version } = run
    const { step, spec } = output
    const actionId = actionIdOf(runId, step)
    return [{ runId, step, actionId, kind: actionKindOf(spec), accountId, playbook, version, spec }]
  })

const setTimers = (work: Work, { run, advanced }: MovedRun): void => {
  for (const output of advanced.outputs) {
    if (output.kind === 'wake') work.schedule(wakeTimer(run.id, output.step, run.accountId, output.at))
    if (output.kind === 'cancel-wake') work.cancelTimer(wakeId(run.id, output.step))
  }
}

const publish = (work: Work, { run, advanced }: MovedRun, requests: readonly ActionRequest[]): void => {
  const at = { topic: topics.runs.name, key: run.accountId, time: work.now }
  const now = work.now.toISOString()
  for (const { step, kind, actionId } of requests)
    work.publish({
      ...at,
      type: 'playbooks.action-requested.v1',
      data: { ...about(run), step, action: kind, actionId, requestedAt: now },
    })
  const outcome = advanced.state.status
  if (outcome !== 'running')
    work.publish({ ...at, type: 'playbooks.run-finished.v1', data: { ...about(run), finishedAt: now, outcome } })
}

/** Writes where runs stand now, and sets off what they asked for. */
export class MoveRuns {
  constructor(
    private readonly runs: Runs,
    private readonly actions: Actions,
  ) {}

  async move(work: Work, moved: readonly MovedRun[]): Promise<void> {
    if (moved.length === 0) return
    const requested = moved.map((one) => ({ one, requests: requestsOf(one) }))
    const requests = requested.flatMap((one) => one.requests)
    const rows = moved.map(({ run, advanced: { state, trail } }) => ({ id: run.id, state, trail }))
    await this.runs.move(work.tx, rows, requests, work.now)
    for (const { one, requests: own } of requested) {
      setTimers(work, one)
      publish(work, one, own)
    }
    await this.actions.start(work, requests)
  }
}
