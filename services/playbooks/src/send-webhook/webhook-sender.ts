import type { Clock } from '@banso/platform'
import type { Attempt } from '../domain/delivery.ts'
import type { Templates } from '../render-content/templates.ts'
import type { Deliveries, Delivered, Delivery } from '../store/deliveries.ts'
import type { Endpoints } from '../store/endpoints.ts'
import { signedHeaders } from './sign.ts'
import type { SlackBodies } from './slack-body.ts'
import { type Body, webhookBody } from './webhook-body.ts'
import type { WebhookClient, WebhookRequest } from './webhook-client.ts'

const PLAIN_HEADERS = { 'content-type': 'application/json', 'user-agent': 'Banso' }

/** Makes the request of a webhook or Slack message, and sends it once. */
export class WebhookSender {
  constructor(
    private readonly deliveries: Deliveries,
    private readonly endpoints: Endpoints,
    private readonly templates: Templates,
    private readonly slack: SlackBodies,
    private readonly client: WebhookClient,
    private readonly clock: Clock,
  ) {}

  async send(delivery: Delivery, signal: AbortSignal): Promise<Delivered> {
    const madeAt = this.clock.now()
    const done = (attempt: Attempt, contentVersion: number | null = null): Delivered => ({
      delivery,
      attempt,
      madeAt,
      contentVersion,
    })
    const made = await this.#bodyOf(delivery)
    if ('obstacle' in made) return done({ kind: 'obstacle', obstacle: made.obstacle })
    const request = await this.#requestOf(delivery, made.body, madeAt)
    if (request === null) return done({ kind: 'obstacle', obstacle: 'endpoint-disabled' })
    if (request.once) await this.deliveries.begin(delivery, madeAt)
    return done(await this.client.post(request, signal), made.contentVersion)
  }

  close(): void {
    this.client.close()
  }

  async #bodyOf(delivery: Delivery): Promise<Body> {
    const { spec } = delivery
    if (spec.kind === 'slack') return this.slack.of(delivery, spec)
    if (spec.kind === 'webhook') return webhookBody(this.templates, delivery, spec)
    throw new TypeError(`an action of the kind ${spec.kind} is no webhook`)
  }

  /** Null when the endpoint is gone. */
  async #requestOf({ spec, playbook, actionId }: Delivery, body: string, now: Date): Promise<WebhookRequest | null> {
    if (!('url' in spec)) return null
    const { url } = spec
    // Slack knows no ids and checks no signatures: it is the URL that is secret.
    if (spec.kind === 'slack') return { url, headers: PLAIN_HEADERS, body, now, once: true }
    const { gone, secrets } = await this.endpoints.of(playbook, url, now)
    return gone ? null : { url, headers: signedHeaders(actionId, now, body, secrets), body, now }
  }
}
