import type { WebhookSpec } from '../domain/action-spec.ts'
import type { Obstacle } from '../domain/delivery.ts'
import { TemplateFailedError, type Templates } from '../render-content/templates.ts'
import { templateContextOf } from '../start-actions/template-context.ts'
import type { Delivery } from '../store/deliveries.ts'

/** What is sent, the same on every attempt; or why there is nothing to send. */
export type Body = { readonly body: string; readonly contentVersion: number | null } | { readonly obstacle: Obstacle }

/** The JSON of a webhook: what its template makes, or the standard one. */
export const webhookBody = (templates: Templates, delivery: Delivery, { body: template }: WebhookSpec): Body => {
  if (template === undefined) return { body: standardBody(delivery), contentVersion: null }
  try {
    const body = templates.render('json', template, templateContextOf(delivery))
    return isJson(body) ? { body, contentVersion: null } : { obstacle: 'body-not-json' }
  } catch (fault) {
    if (fault instanceof TemplateFailedError) return { obstacle: 'template-failed' }
    throw fault
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// `change` is what the event said; what the decision went by stands under `why`.
const standardBody = ({ playbook, version, runId, step, accountId, occurredAt, why }: Delivery): string => {
  const { rule, used, cause, newestEvent, trigger: _, heldBackBy: __, ...change } = why.values
  return JSON.stringify({
    type: 'playbook.action',
    playbook,
    version,
    runId,
    step,
    account: { id: accountId },
    change: { id: why.triggerEventId, type: why.triggerType, ...change },
    why: { rule, used, cause, newestEvent, evidence: why.evidence },
    occurredAt: occurredAt.toISOString(),
  })
}
