import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Observable, throwError } from 'rxjs'
import { ProblemError } from '../errors.ts'
import type { Logger } from '../logging/logger.ts'
import { PROBLEM_CONTENT_TYPE } from './problem.ts'
import { problemOf } from './problem-of.ts'

/**
 * Answers every error with `application/problem+json`; logs those of ours (5xx), once, by the route's pattern. What an
 * event handler throws goes on to the transport strategy as it is, where Nest alone would put `{ status: 'error' }`.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(fault: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() === 'rpc') return throwError(() => fault)
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    const request = host.switchToHttp().getRequest<FastifyRequest>()
    const problem = problemOf(fault)
    if (problem.status >= 500)
      this.logger.error(
        {
          err: fault,
          requestId: request.id,
          method: request.method,
          route: request.routeOptions.url,
          code: problem.code,
        },
        'a request failed',
      )
    if (reply.sent) return undefined
    if (fault instanceof ProblemError && fault.retryAfterSeconds !== undefined)
      void reply.header('retry-after', fault.retryAfterSeconds)
    void reply.status(problem.status).header('content-type', PROBLEM_CONTENT_TYPE).send(problem)
    return undefined
  }
}
