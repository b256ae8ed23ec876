import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { plainBody } from '../serve-capture/json-body.ts'
import { CaptureTicket } from './capture-ticket.ts'

/** What our Zendesk triggers send (`deploy/zendesk`). */
@Controller('v1/webhooks/zendesk')
export class CaptureZendeskController {
  constructor(private readonly capture: CaptureTicket) {}

  @Post(':source')
  @HttpCode(202)
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
