import { ApplyBlueprints } from '@banso/blueprints'
import { Clock, decodeCursor, Documented, type Page, pageOf, pageSchema, ProblemError } from '@banso/platform'
import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Put, Query, Res } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { PLAYBOOK_NAME } from '../domain/playbook.ts'
import { ActivePlaybooks } from '../start-runs/active-playbooks.ts'
import { Playbooks, type StoredPlaybook } from '../store/playbooks.ts'
import {
  PlaybookAnswerSchema,
  PlaybookSpecBody,
  PutPlaybookSchema,
  RotatedSecretSchema,
} from './playbook-answer.schema.ts'
import { PLAYBOOK_KIND } from './playbook-schema.ts'
import { PlaybookName, PlaybooksQuery, VersionQuery } from './playbook.dto.ts'
import { withoutSecrets } from './without-secrets.ts'

const Cursor = Type.String({ pattern: PLAYBOOK_NAME.source })

interface PlaybookAnswer {
  readonly name: string
  readonly version: number
  readonly latestVersion: number
  /** Without what is secret in it. */
  readonly document: unknown
  readonly storedAt: string
  /** `gone` since the receiver answered 410, until the playbook is put again. */
  readonly endpoint: { readonly state: 'open' } | { readonly state: 'gone'; readonly since: string }
}

const answerOf = ({ name, version, latestVersion, document, storedAt, goneAt }: StoredPlaybook): PlaybookAnswer => ({
  name,
  version,
  latestVersion,
  document: withoutSecrets(document),
  storedAt: storedAt.toISOString(),
  endpoint: goneAt === null ? { state: 'open' } : { state: 'gone', since: goneAt.toISOString() },
})

/** What is wrong with the body, which is the `spec` of a blueprint. */
const ofBody = (fault: unknown): unknown => {
  if (!(fault instanceof ProblemError) || fault.code !== 'BLUEPRINT_INVALID') return fault
  const { code, status, message: detail, errors = [] } = fault
  const inBody = errors.map((one) => ({ ...one, pointer: one.pointer.replace(/^\/spec/, '') }))
  return new ProblemError({ code, status, detail, errors: inBody })
}

@Controller('v1/playbooks')
export class PlaybooksController {
  constructor(
    private readonly blueprints: ApplyBlueprints,
    private readonly playbooks: Playbooks,
    private readonly active: ActivePlaybooks,
    private readonly clock: Clock,
  ) {}

  @Put(':name')
  @Documented({
    summary: 'Put a playbook',
    description: 'As `PUT /v1/blueprints/Playbook/{name}`, with the `spec` alone.',
    body: PlaybookSpecBody,
    answer: PutPlaybookSchema,
    statuses: [200, 201],
    problems: { 422: ['BLUEPRINT_INVALID'] },
  })
  async put(
    @Param() { name }: PlaybookName,
    @Body() spec: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlaybookAnswer & { changed: boolean; secret?: unknown }> {
    const applied = await this.#apply(name, spec)
    const { change } = applied
    const secret = 'secret' in applied ? applied.secret : undefined
    if (change === 'unchanged') await this.playbooks.openEndpoints(name)
    const stored = await this.playbooks.get(name)
    await this.active.refreshNowOrSoon()
    void reply.status(change === 'created' ? HttpStatus.CREATED : HttpStatus.OK)
    return { ...answerOf(stored), changed: change !== 'unchanged', ...(secret !== undefined && { secret }) }
  }

  @Get()
  @Documented({ summary: 'List playbooks', description: 'By name.', answer: pageSchema(PlaybookAnswerSchema) })
  async list(@Query() { cursor, limit }: PlaybooksQuery): Promise<Page<PlaybookAnswer>> {
    const after = decodeCursor(Cursor, cursor) ?? ''
    const rows = await this.playbooks.page(after, limit + 1)
    return pageOf(rows.map(answerOf), limit, ({ name }) => name)
  }

  @Get(':name')
  @Documented({
    summary: 'Show a playbook',
    answer: PlaybookAnswerSchema,
    problems: { 404: ['PLAYBOOK_NOT_FOUND'], 409: ['PLAYBOOK_OUTDATED'] },
  })
  async show(@Param() { name }: PlaybookName, @Query() { version }: VersionQuery): Promise<PlaybookAnswer> {
    return answerOf(await this.playbooks.get(name, version))
  }

  @Post(':name/secret/rotate')
  @HttpCode(HttpStatus.OK)
  @Documented({
    summary: 'Rotate a signing secret',
    answer: RotatedSecretSchema,
    problems: { 404: ['PLAYBOOK_NOT_FOUND'], 409: ['PLAYBOOK_OUTDATED'] },
  })
  async rotate(@Param() { name }: PlaybookName): Promise<{ name: string; secret: string; previousUntil: string }> {
    const { secret, previousUntil } = await this.playbooks.rotateSecret(name, this.clock.now())
    return { name, secret, previousUntil: previousUntil.toISOString() }
  }

  async #apply(name: string, spec: unknown): ReturnType<ApplyBlueprints['apply']> {
    try {
      return await this.blueprints.apply(PLAYBOOK_KIND, name, { kind: PLAYBOOK_KIND, name, spec })
    } catch (fault) {
      throw ofBody(fault)
    }
  }
}
