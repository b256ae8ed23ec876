import { type Clock, ProblemError, type Tracing } from '@banso/platform'
import type { Intake } from '../accept-events/intake.ts'
import type { IntakeMetrics } from '../accept-events/intake-metrics.ts'
import { isStorable } from '../domain/json-value.ts'
import { ticketKey } from '../domain/received.ts'
import { rawHeaders } from '../domain/record-copy.ts'
import { type SignatureFault, signatureFault, type SignedRequest } from '../domain/zendesk-signature.ts'
import { readTicket } from '../domain/zendesk-ticket.ts'
import type { KnownSenders } from '../know-senders/known-senders.ts'
import { parseJson } from '../serve-capture/json-body.ts'

export interface TicketDelivery extends SignedRequest {
  readonly source: string
  /** `X-Zendesk-Webhook-Invocation-Id`: what the attempts of one delivery have in common. */
  readonly invocationId: string | undefined
}

const REASONS: Readonly<Record<SignatureFault | 'SIGNING_SECRET_UNKNOWN', string>> = {
  SIGNATURE_MISSING: 'the webhook is not signed',
  SIGNATURE_STALE: 'the signature is more than five minutes old or ahead: is the clock of this machine right?',
  SIGNATURE_INVALID:
    'the signature is not that of this body under the signing secret that we know: is it that of this webhook?',
  SIGNING_SECRET_UNKNOWN: 'this source has no signing secret yet: banso sources sign',
}
const MAX_ID_LENGTH = 512

/** A signed ticket → the raw log. */
export class CaptureTicket {
  constructor(
    private readonly senders: KnownSenders,
    private readonly intake: Intake,
    private readonly metrics: IntakeMetrics,
    private readonly clock: Clock,
    private readonly tracing: Tracing,
  ) {}

  /** The id under which the ticket's receipt is found. */
  async take(delivery: TicketDelivery): Promise<string> {
    const receivedAt = this.clock.now()
    const { namespace, signingSecret } = await this.senders.desk(delivery.source)
    const fault =
      signingSecret === undefined ? 'SIGNING_SECRET_UNKNOWN' : signatureFault(delivery, signingSecret, receivedAt)
    if (fault) throw this.#refused(401, fault, REASONS[fault])
    const invocationId = this.#invocationId(delivery.invocationId)
    const read = readTicket(parseJson(delivery.body), receivedAt)
    if ('faults' in read) throw this.#refused(422, 'TICKET_INVALID', 'the ticket has faults', read.faults)
    const { ticket } = read
    const { source } = delivery
    const data = { receivedAt: receivedAt.toISOString(), source, namespace, invocationId, ticket }
    const updatedAt = new Date(ticket.updatedAt)
    const headers = rawHeaders('ingestion.zendesk-ticket-received.v1', updatedAt, this.tracing.active)
    await this.intake.accept([{ key: ticketKey(source, ticket), value: Buffer.from(JSON.stringify(data)), headers }])
    this.metrics.countAccepted(1)
    return invocationId
  }

  #invocationId(given: string | undefined): string {
    if (given !== undefined && given !== '' && given.length <= MAX_ID_LENGTH && isStorable(given)) return given
    throw this.#refused(400, 'INVOCATION_ID_MISSING', 'the header X-Zendesk-Webhook-Invocation-Id is needed')
  }

  #refused(status: number, code: string, detail: string, errors?: readonly { pointer: string; message: string }[]) {
    this.metrics.countRejected(code)
    return new ProblemError({ status, code, detail, ...(errors && { errors }) })
  }
}
