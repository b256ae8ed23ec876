import type { Work } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { ActionSpec } from '../domain/action-spec.ts'
import { durationMs } from '../domain/duration.ts'
import { isMailAddress } from '../domain/mail-address.ts'
import { type ActionRequest, Actions, type FactsOf, type SpecFault } from '../domain/ports.ts'
import { CONTENT_KIND } from '../render-content/content.kind.ts'
import type { TemplateForm, Templates } from '../render-content/templates.ts'
import { targetFault, type TargetPolicy } from '../send-webhook/targets.ts'
import type { Contents } from '../store/contents.ts'
import type { Deliveries } from '../store/deliveries.ts'
import { actionTimer } from './action-timer.ts'

/** Takes the actions of runs: keeps what they will say, and sets the timers that perform them. */
export class StartActions extends Actions {
  constructor(
    private readonly deliveries: Deliveries,
    private readonly contents: Contents,
    private readonly facts: FactsOf,
    private readonly templates: Templates,
    private readonly targets: TargetPolicy,
  ) {
    super()
  }

  override async start(work: Work, requests: readonly ActionRequest[]): Promise<void> {
    if (requests.length === 0) return
    const accounts = [...new Set(requests.map(({ accountId }) => accountId))]
    const facts = await this.facts.read(work.tx, accounts, work.now)
    await this.deliveries.add(work.tx, requests, facts, work.now)
    for (const { runId, step, accountId, spec } of requests)
      work.schedule(actionTimer({ runId, step, accountId, channel: spec.kind }, work.now))
  }

  override async check(tx: EntityManager, spec: ActionSpec): Promise<SpecFault[]> {
    return [...this.#ownFaults(spec), ...(await this.#contentFaults(tx, spec))]
  }

  #ownFaults(spec: ActionSpec): SpecFault[] {
    switch (spec.kind) {
      case 'webhook':
        return [...this.#targetFaults(spec.url), ...this.#templateFaults('json', { body: spec.body })]
      case 'slack':
        return [
          ...this.#targetFaults(spec.url),
          ...this.#templateFaults('slack', { text: spec.text }),
          ...oneOf('text', spec.text, spec.content),
        ]
      case 'email':
        return spec.to === 'owner' || isMailAddress(spec.to.address)
          ? []
          : [{ pointer: '/to/address', message: 'must be one mail address' }]
      case 'task': {
        const { title, note, content, dueIn } = spec
        return [
          ...this.#templateFaults('text', { title, note }),
          ...oneOf('title', title, content),
          ...(durationMs(dueIn) === null ? [{ pointer: '/dueIn', message: 'must be an ISO 8601 duration: P3D' }] : []),
        ]
      }
      default:
        return spec satisfies never
    }
  }

  #targetFaults(url: string): SpecFault[] {
    const message = targetFault(url, this.targets)
    return message === null ? [] : [{ pointer: '/url', message }]
  }

  #templateFaults(form: TemplateForm, sources: Readonly<Record<string, string | undefined>>): SpecFault[] {
    return Object.entries(sources).flatMap(([field, source]) =>
      source === undefined
        ? []
        : this.templates.faults(form, source).map((fault) => ({ pointer: `/${field}`, ...fault })),
    )
  }

  async #contentFaults(tx: EntityManager, spec: ActionSpec): Promise<SpecFault[]> {
    if (spec.kind === 'webhook' || spec.content === undefined) return []
    if ((await this.contents.get(spec.content, null, tx)) !== null) return []
    const missing = { kind: CONTENT_KIND, name: spec.content }
    return [{ pointer: '/content', message: `there is no content ${spec.content}`, missing }]
  }
}

const oneOf = (field: string, own: string | undefined, content: string | undefined): SpecFault[] =>
  (own === undefined) === (content === undefined)
    ? [{ pointer: `/${field}`, message: `one of ${field} and content must be given, and one only` }]
    : []
