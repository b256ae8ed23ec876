import { SegmentCallType } from '@banso/contracts'
import { Documented } from '@banso/platform'
import { Controller, HttpCode, NotFoundException, Options, Param, Post, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Compile } from 'typebox/compile'
import { parseMarked, plainBody } from '../serve-capture/json-body.ts'
import { CaptureCalls, type CallResult } from './capture-calls.ts'
import { CallParameter, SegmentBody, TakenSchema } from './segment.schema.ts'

// The browser SDK's short names for the routes.
const SHORT: Readonly<Record<string, string>> = {
  t: 'track',
  i: 'identify',
  g: 'group',
  p: 'page',
  s: 'screen',
  a: 'alias',
  b: 'batch',
}
const ANY_ORIGIN = { 'access-control-allow-origin': '*' }
const PREFLIGHT = {
  ...ANY_ORIGIN,
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, content-encoding, content-type',
  'access-control-max-age': '86400',
}

const callType = Compile(SegmentCallType)

/** Segment's HTTP API, as its SDKs speak it. */
@Controller('v1')
export class CaptureSegmentController {
  constructor(private readonly capture: CaptureCalls) {}

  @Post(':call')
  @HttpCode(200)
  @Documented({
    summary: 'Take calls',
    description:
      'A result per event; a single call that is rejected gets 400, with the same body. The write key may stand in the ' +
      'body, `writeKey`, too.',
    parameters: { call: CallParameter },
    body: SegmentBody,
    answer: TakenSchema,
    others: { 400: TakenSchema },
    problems: { 400: ['BATCH_MISSING'], 401: ['WRITE_KEY_INVALID'], 404: ['NOT_FOUND'] },
    security: ['writeKey'],
  })
  async take(
    @Param('call') name: string,
    @Req() { headers, body }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ success: boolean; results: readonly CallResult[] }> {
    const call = SHORT[name] ?? name
    const isBatch = call === 'batch'
    if (!isBatch && !callType.Check(call)) throw new NotFoundException()
    const json = parseMarked(await plainBody(body, headers['content-encoding']))
    const { holder, results } = isBatch
      ? await this.capture.batch(headers.authorization, json)
      : await this.capture.call(call, headers.authorization, json)
    if (holder.kind === 'browser') reply.headers(ANY_ORIGIN)
    const success = isBatch || results.every(({ status }) => status === 'accepted')
    if (!success) reply.status(400)
    return { success, results }
  }

  @Options(':call')
  @HttpCode(204)
  @Documented({
    summary: 'Let browsers send',
    description: 'The preflight of CORS.',
    parameters: { call: CallParameter },
    security: [],
  })
  preflight(@Res({ passthrough: true }) reply: FastifyReply): void {
    reply.headers(PREFLIGHT)
  }
}
