import { LOGGER, type Logger, problemOf, ProblemFilter } from '@banso/platform'
import { type ArgumentsHost, Catch, Inject } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import type { Observable } from 'rxjs'

const RETRY_AFTER_SECONDS = '5'

/** Problems as everywhere; a client that is to come back is told when. */
@Catch()
export class CaptureFilter extends ProblemFilter {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(logger)
  }

  override catch(fault: unknown, host: ArgumentsHost): Observable<never> | undefined {
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    if (problemOf(fault).status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
    return super.catch(fault, host)
  }
}
