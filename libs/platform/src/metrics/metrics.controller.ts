import { Controller, Get, Header } from '@nestjs/common'
import { Registry } from 'prom-client'
import Type from 'typebox'
import { Public } from '../http/service-token.guard.ts'
import { Documented } from '../openapi/documented.ts'

@Controller('metrics')
@Public()
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @Documented({
    summary: 'Show metrics',
    description: 'For Prometheus, in its text format.',
    answer: Type.String({ examples: ['http_request_duration_seconds_count{service="health"} 31'] }),
    mediaType: 'text/plain',
  })
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics()
  }
}
