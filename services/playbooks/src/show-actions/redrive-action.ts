import { topics } from '@banso/contracts'
import type { Transactions } from '@banso/messaging'
import { ProblemError } from '@banso/platform'
import type { SettledActions } from '../domain/ports.ts'
import { actionTimer } from '../start-actions/action-timer.ts'
import type { ActionReads, ActionShown } from '../store/action-reads.ts'
import type { Deliveries } from '../store/deliveries.ts'
import type { Endpoints } from '../store/endpoints.ts'

const notFound = () => new ProblemError({ code: 'ACTION_NOT_FOUND', status: 404, detail: 'there is no such action' })

const notFailed = () =>
  new ProblemError({ code: 'ACTION_NOT_FAILED', status: 409, detail: 'only an action that has failed is re-driven' })

/** Performs a failed action once more, under its own id, with all its attempts anew; the run that it ended goes on. */
export class RedriveAction {
  constructor(
    private readonly transactions: Transactions,
    private readonly actions: ActionReads,
    private readonly deliveries: Deliveries,
    private readonly endpoints: Endpoints,
    private readonly runs: SettledActions,
  ) {}

  async redrive(runId: string, step: string): Promise<ActionShown> {
    const known = await this.actions.get(runId, step)
    if (known === undefined) throw notFound()
    await this.transactions.run([known.account.id], async (work) => {
      const request = await this.deliveries.redrive(work.tx, runId, step, work.now)
      if (request === null) throw notFailed()
      await this.runs.actionRedriven(work, { runId, step })
      const { accountId, playbook, version, spec, kind, actionId } = request
      await this.endpoints.enable(work.tx, playbook)
      work.schedule(actionTimer({ runId, step, accountId, channel: spec.kind }, work.now))
      work.publish({
        topic: topics.runs.name,
        type: 'playbooks.action-requested.v1',
        key: accountId,
        time: work.now,
        data: {
          runId,
          accountId,
          playbook: { name: playbook, version },
          step,
          action: kind,
          actionId,
          requestedAt: work.now.toISOString(),
        },
      })
    })
    return (await this.actions.get(runId, step)) ?? known
  }
}
