// A Zendesk on this machine: sends what our triggers (`deploy/zendesk`) send, signed as Zendesk signs, until it is answered.
import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deliver } from './deliver.ts'

const TRIGGERS = {
  created: 'ticket-created',
  updated: 'ticket-updated',
  'agent-replied': 'agent-replied',
  'customer-replied': 'customer-replied',
  'rated-good': 'rated-good',
  'rated-bad': 'rated-bad',
} as const
export type DeskTrigger = keyof typeof TRIGGERS

/** What Zendesk puts into the placeholders of a trigger's body. */
export interface TicketUpdate {
  /** Left out: `updated`. */
  readonly trigger?: DeskTrigger
  readonly ticketId: string
  readonly status: string
  readonly priority: string
  readonly createdAt: Date
  readonly updatedAt: Date
  /** The account, as the product names it. */
  readonly organizationExternalId: string
  readonly subject?: string
  readonly comment?: string
}

const templateOf = (name: string): string => readFileSync(join(import.meta.dirname, `../zendesk/${name}.json`), 'utf8')

/** The body as Zendesk renders it. */
const render = (ticket: TicketUpdate): string => {
  const values: Readonly<Record<string, string>> = {
    'ticket.id': ticket.ticketId,
    'ticket.status': ticket.status,
    'ticket.priority': ticket.priority,
    'ticket.created_at_with_timestamp': ticket.createdAt.toISOString(),
    'ticket.updated_at_with_timestamp': ticket.updatedAt.toISOString(),
    'ticket.organization.external_id': ticket.organizationExternalId,
    'ticket.requester.external_id': '',
    'ticket.title': ticket.subject ?? '',
    'ticket.latest_comment.value': ticket.comment ?? '',
    'ticket.latest_comment.is_public': 'true',
    'satisfaction.current_comment': ticket.comment ?? '',
  }
  return templateOf(TRIGGERS[ticket.trigger ?? 'updated']).replaceAll(/\{\{([\w.]+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the trigger's body has an unknown placeholder, ${name}`)
    return value
  })
}

const DAY_MS = 86_400_000

export class Desk {
  readonly #url: string
  readonly #secret: string
  /** Deliveries that were sent again because they were not answered by a 2xx. */
  retried = 0
  /** How long each accepted delivery took to be answered, in milliseconds. */
  readonly answeredInMs: number[] = []

  constructor(capture: string, source: string, secret: string) {
    this.#url = `${capture}/v1/webhooks/zendesk/${source}`
    this.#secret = secret
  }

  /** Resolves when it is accepted; the invocation id stays the same over all tries. */
  async send(ticket: TicketUpdate): Promise<void> {
    const invocationId = randomUUID()
    const body = render(ticket)
    await deliver({
      url: this.#url,
      body,
      headers: () => this.#signatureOf(body, invocationId),
      again: () => (this.retried += 1),
      answered: (ms) => this.answeredInMs.push(ms),
    })
  }

  /** One event that turns an account of little use red: an urgent ticket, open for a fortnight, is touched. */
  longOpenUrgentTicket(account: string): Promise<void> {
    const now = new Date()
    return this.send({
      ticketId: randomUUID(),
      status: 'Open',
      priority: 'Urgent',
      createdAt: new Date(now.getTime() - 15 * DAY_MS),
      updatedAt: now,
      organizationExternalId: account,
    })
  }

  solvedTicket(account: string): Promise<void> {
    const now = new Date()
    return this.send({
      ticketId: randomUUID(),
      status: 'Solved',
      priority: 'normal',
      createdAt: now,
      updatedAt: now,
      organizationExternalId: account,
    })
  }

  #signatureOf(body: string, invocationId: string): Record<string, string> {
    const timestamp = new Date().toISOString()
    return {
      'x-zendesk-webhook-signature': createHmac('sha256', this.#secret).update(timestamp).update(body).digest('base64'),
      'x-zendesk-webhook-signature-timestamp': timestamp,
      'x-zendesk-webhook-invocation-id': invocationId,
    }
  }
}
