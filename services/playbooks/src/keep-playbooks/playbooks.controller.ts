import { Clock, decodeCursor, type Page, pageOf } from '@banso/platform'
import { Body, Controller, Get, HttpCode, HttpStatus, Inject, Param, Post, Put, Query, Res } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { PLAYBOOK_NAME, type PlaybookDocument } from '../domain/playbook.ts'
import type { TargetPolicy } from '../send-webhook/targets.ts'
import { ActivePlaybooks } from '../start-runs/active-playbooks.ts'
import { Playbooks, type StoredPlaybook } from '../store/playbooks.ts'
import { documentOf } from './document-of.ts'
import { PlaybookDto, PlaybookName, PlaybooksQuery, VersionQuery } from './playbook.dto.ts'

export const TARGET_POLICY = Symbol('target policy')

const Cursor = Type.String({ pattern: PLAYBOOK_NAME.source })

interface PlaybookAnswer {
  readonly name: string
  readonly version: number
  readonly latestVersion: number
  readonly document: PlaybookDocument
  readonly storedAt: string
  /** `gone` since the receiver answered 410, until the playbook is put again. */
  readonly endpoint: { readonly state: 'open' } | { readonly state: 'gone'; readonly since: string }
}

const answerOf = ({ name, version, latestVersion, document, storedAt, goneAt }: StoredPlaybook): PlaybookAnswer => ({
  name,
  version,
  latestVersion,
  document,
  storedAt: storedAt.toISOString(),
  endpoint: goneAt === null ? { state: 'open' } : { state: 'gone', since: goneAt.toISOString() },
})

@Controller('v1/playbooks')
export class PlaybooksController {
  constructor(
    private readonly playbooks: Playbooks,
    private readonly active: ActivePlaybooks,
    private readonly clock: Clock,
    @Inject(TARGET_POLICY) private readonly policy: TargetPolicy,
  ) {}

  @Put(':name')
  async put(
    @Param() { name }: PlaybookName,
    @Body() dto: PlaybookDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlaybookAnswer & { changed: boolean; secret?: string }> {
    const document = documentOf(dto, this.policy)
    const { playbook, changed, secret } = await this.playbooks.put(name, document, this.clock.now())
    await this.active.refreshNowOrSoon() // the secret is shown once: from here on nothing may fail
    void reply.status(secret === undefined ? HttpStatus.OK : HttpStatus.CREATED)
    return { ...answerOf(playbook), changed, ...(secret === undefined ? {} : { secret }) }
  }

  @Get()
  async list(@Query() { cursor, limit }: PlaybooksQuery): Promise<Page<PlaybookAnswer>> {
    const after = decodeCursor(Cursor, cursor) ?? ''
    const rows = await this.playbooks.page(after, limit + 1)
    return pageOf(rows.map(answerOf), limit, ({ name }) => name)
  }

  @Get(':name')
  async show(@Param() { name }: PlaybookName, @Query() { version }: VersionQuery): Promise<PlaybookAnswer> {
    return answerOf(await this.playbooks.get(name, version))
  }

  @Post(':name/secret/rotate')
  @HttpCode(HttpStatus.OK)
  async rotate(@Param() { name }: PlaybookName): Promise<{ name: string; secret: string; previousUntil: string }> {
    const { secret, previousUntil } = await this.playbooks.rotateSecret(name, this.clock.now())
    return { name, secret, previousUntil: previousUntil.toISOString() }
  }
}
