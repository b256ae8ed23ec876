import { Clock, LOGGER, type Logger, type Tracing } from '@banso/platform'
import { type DynamicModule, Module } from '@nestjs/common'
import { Intake } from './accept-events/intake.ts'
import { IntakeMetrics } from './accept-events/intake-metrics.ts'
import { CaptureCalls } from './capture-segment/capture-calls.ts'
import { CaptureSegmentController } from './capture-segment/capture-segment.controller.ts'
import { CaptureTicket } from './capture-zendesk/capture-ticket.ts'
import { CaptureZendeskController } from './capture-zendesk/capture-zendesk.controller.ts'
import { KnownSenders } from './know-senders/known-senders.ts'

/** What capture takes from the service that it runs in. */
export interface CaptureParts {
  readonly senders: KnownSenders
  readonly intake: Intake
  readonly metrics: IntakeMetrics
  readonly clock: Clock
  readonly logger: Logger
  readonly tracing: Tracing
}

/** The public side: an application of its own, without global guards, pipes and interceptors. */
@Module({})
export class CaptureModule {
  static forParts({ senders, intake, metrics, clock, logger, tracing }: CaptureParts): DynamicModule {
    return {
      module: CaptureModule,
      controllers: [CaptureSegmentController, CaptureZendeskController],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: CaptureCalls, useFactory: () => new CaptureCalls(senders, intake, metrics, clock, tracing) },
        { provide: CaptureTicket, useFactory: () => new CaptureTicket(senders, intake, metrics, clock, tracing) },
      ],
    }
  }
}
