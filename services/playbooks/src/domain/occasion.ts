import type { TriggerFact } from '@banso/conditions'
import type { TriggerName } from './document.ts'

/** Something that happened to an account, or a time that came, that may set playbooks off. */
export interface Occasion {
  /** ce_id of the event; of a schedule: `<playbook>/<time>/<account id>`. The run's id follows from it. */
  readonly id: string
  /** `health.band-changed.v1`; of a schedule: `schedule`. */
  readonly eventType: string
  readonly on: TriggerName
  /** The event's own time. */
  readonly time: Date
  readonly accountId: string
  /** The only playbook it concerns; left out: all. */
  readonly playbook?: string
  /** Caused by events alone that were over 24 hours old when they were received. */
  readonly history: boolean
  /** It tells of the account's first score. */
  readonly firstScore: boolean
  /** What `trigger` is in conditions. */
  readonly trigger: TriggerFact
  /** Kept with the run: the event's own values, and the ids of events behind it. */
  readonly values: Readonly<Record<string, unknown>>
  readonly evidence: readonly string[]
}
