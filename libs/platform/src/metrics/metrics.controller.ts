import { Controller, Get, Header } from '@nestjs/common'
import { Registry } from 'prom-client'
import { Public } from '../http/service-token.guard.ts'

@Controller('metrics')
@Public()
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics()
  }
}
