import type { TemplateContext } from '../render-content/templates.ts'
import type { Delivery } from '../store/deliveries.ts'

/** What templates of an action may name: what was known of the account when it was requested, and what set it off. */
export const templateContextOf = ({ facts, why, runId, playbook, version, step }: Delivery): TemplateContext => ({
  ...facts,
  trigger: why.values['trigger'] ?? {},
  run: { id: runId },
  playbook: { name: playbook, version },
  step,
})
