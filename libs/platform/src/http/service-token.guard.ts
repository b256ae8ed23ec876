import { type CanActivate, type ExecutionContext, SetMetadata } from '@nestjs/common'
import type { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { createHash, timingSafeEqual } from 'node:crypto'
import { ProblemError } from '../errors.ts'

const PUBLIC = Symbol('public')

/** Exempts a controller or a route from the service token. */
export const Public = () => SetMetadata(PUBLIC, true)

/** Whether a handler, or its controller, is exempt. */
export const isPublic = (...places: readonly object[]): boolean =>
  places.some((place) => Reflect.hasMetadata(PUBLIC, place))

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Lets a request pass that carries `Authorization: Bearer <the service's token>`; others get 401 `TOKEN_INVALID`. */
export class ServiceTokenGuard implements CanActivate {
  readonly #expected: Buffer

  constructor(
    private readonly reflector: Reflector,
    token: string,
  ) {
    this.#expected = sha256(token)
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [context.getHandler(), context.getClass()]))
      return true
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
    // Digests have one length, so that the comparison tells neither the token nor how long it is.
    if (timingSafeEqual(sha256(token), this.#expected)) return true
    throw new ProblemError({ code: 'TOKEN_INVALID', status: 401, detail: 'a valid bearer token is needed' })
  }
}
