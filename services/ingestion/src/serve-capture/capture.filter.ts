import { LOGGER, type Logger, PROBLEM_CONTENT_TYPE, problemOf, ProblemFilter } from '@banso/platform'
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
    // Cut off in the middle, by the client or by the time limit: nobody waits for an answer.
    if (!reply.request.raw.complete && reply.raw.destroyed) return undefined
    const problem = problemOf(fault)
    if (problem.status !== 503) return super.catch(fault, host)
    // What is away says so itself; a line per request would only bury it.
    reply.status(503).headers({ 'content-type': PROBLEM_CONTENT_TYPE, 'retry-after': RETRY_AFTER_SECONDS })
    void reply.send(problem)
    return undefined
  }
}
