import { Controller, Get, HttpCode, Res, ServiceUnavailableException } from '@nestjs/common'
import { HealthCheckService, type HealthIndicatorFunction, HealthIndicatorService } from '@nestjs/terminus'
import type { FastifyReply } from 'fastify'
import { BansoError } from '../errors.ts'
import { Public } from '../http/service-token.guard.ts'
import { Documented } from '../openapi/documented.ts'
import { LiveSchema, ReadySchema } from './health.schema.ts'
import { Readiness, type ReadinessCheck, withinTime } from './readiness.ts'

@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @Documented({ summary: 'Check liveness', description: 'The process answers.', answer: LiveSchema })
  @HttpCode(200)
  live(): { status: 'ok' } {
    return { status: 'ok' }
  }

  @Get('ready')
  @Documented({
    summary: 'Check readiness',
    description: '200 when every check is well, else 503; either way with the state of each by name.',
    answer: ReadySchema,
    others: { 503: ReadySchema },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    try {
      return await this.health.check([...this.readiness.checks()].map((entry) => this.#indicator(...entry)))
    } catch (fault) {
      if (!(fault instanceof ServiceUnavailableException)) throw fault
      reply.status(503)
      return fault.getResponse()
    }
  }

  #indicator(name: string, check: ReadinessCheck): HealthIndicatorFunction {
    return async () => {
      const indicator = this.indicators.check(name)
      try {
        await withinTime(check())
        return indicator.up()
      } catch (fault) {
        return indicator.down({ reason: fault instanceof BansoError ? fault.message : 'unavailable' })
      }
    }
  }
}
