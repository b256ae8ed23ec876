import { Documented } from '@banso/platform'
import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { plainBody } from '../serve-capture/json-body.ts'
import { CaptureTicket } from './capture-ticket.ts'
import { TicketTakenSchema, ZendeskBody } from './zendesk.schema.ts'

/** What our Zendesk triggers send (`deploy/zendesk`). */
@Controller('v1/webhooks/zendesk')
export class CaptureZendeskController {
  constructor(private readonly capture: CaptureTicket) {}

  @Post(':source')
  @HttpCode(202)
  @Documented({
    summary: 'Take a ticket',
    description: 'What our Zendesk triggers send, signed by the secret of the webhook. Sent again, it counts once.',
    parameters: { source: Type.String({ description: 'Name of the source.' }) },
    headers: {
      'X-Zendesk-Webhook-Signature-Timestamp': Type.String({
        description: 'When it was signed, by ISO 8601; at most five minutes off.',
        examples: ['2026-01-15T01:40:12Z'],
      }),
      'X-Zendesk-Webhook-Invocation-Id': Type.String({
        description: 'What the attempts of one delivery have in common.',
        examples: ['01HZX3Y8Q9'],
      }),
    },
    body: ZendeskBody,
    answer: TicketTakenSchema,
    problems: {
      400: ['INVOCATION_ID_MISSING'],
      401: ['SIGNATURE_MISSING', 'SIGNATURE_STALE', 'SIGNATURE_INVALID', 'SIGNING_SECRET_UNKNOWN'],
      404: ['SOURCE_NOT_FOUND'],
      422: ['TICKET_INVALID'],
    },
    security: ['signature'],
  })
  async take(
    @Param('source') source: string,
    @Req() { headers, body }: FastifyRequest,
  ): Promise<{ status: 'accepted'; messageId: string }> {
    const messageId = await this.capture.take({
      source,
      body: await plainBody(body, headers['content-encoding']),
      signature: single(headers['x-zendesk-webhook-signature']),
      timestamp: single(headers['x-zendesk-webhook-signature-timestamp']),
      invocationId: single(headers['x-zendesk-webhook-invocation-id']),
    })
    return { status: 'accepted', messageId }
  }
}

const single = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined
