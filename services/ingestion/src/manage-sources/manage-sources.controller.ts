import {
  Clock,
  decodeCursor,
  Documented,
  type Page,
  pageOf,
  PageQuery,
  pageSchema,
  ProblemError,
} from '@banso/platform'
import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common'
import Type from 'typebox'
import { v7 } from 'uuid'
import { makeWriteKey, writeKeyDigest } from '../domain/write-key.ts'
import { type Source, Sources, type WriteKey } from '../store/sources.ts'
import { CreateKeyDto, CreateSourceDto, SigningSecretDto } from './source.dto.ts'
import { KeyParameter, NewWriteKeySchema, SourceParameter, SourceSchema, WriteKeySchema } from './source.schema.ts'

const ofSource = { parameters: { source: SourceParameter }, problems: { 404: ['SOURCE_NOT_FOUND'] } }
const NameCursor = Type.String({ minLength: 1 })
const KeyCursor = Type.String({ format: 'uuid' })

export interface NewWriteKey {
  readonly id: string
  readonly kind: WriteKey['kind']
  /** Shown here and never again. */
  readonly writeKey: string
}

@Controller('v1/sources')
export class ManageSourcesController {
  constructor(
    private readonly sources: Sources,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Documented({
    summary: 'Create a source',
    answer: SourceSchema,
    example: { name: 'app', kind: 'segment', namespace: 'default' },
    problems: { 400: ['SIGNING_SECRET_UNUSED'], 409: ['SOURCE_EXISTS'] },
  })
  create(@Body() source: CreateSourceDto): Promise<Source> {
    if (source.kind !== 'zendesk' && source.signingSecret !== undefined)
      throw new ProblemError({
        code: 'SIGNING_SECRET_UNUSED',
        status: 400,
        detail: 'only a zendesk source has a signing secret',
        pointer: '/signingSecret',
      })
    return this.sources.create(source, this.clock.now())
  }

  @Get()
  @Documented({ summary: 'List sources', description: 'By name.', answer: pageSchema(SourceSchema) })
  async list(@Query() { cursor, limit }: PageQuery): Promise<Page<Source>> {
    const rows = await this.sources.list(decodeCursor(NameCursor, cursor), limit + 1)
    return pageOf(rows, limit, ({ name }) => name)
  }

  @Get(':source')
  @Documented({ summary: 'Show a source', ...ofSource, answer: SourceSchema })
  show(@Param('source') name: string): Promise<Source> {
    return this.sources.find(name)
  }

  @Put(':source/signing-secret')
  @Documented({ summary: 'Set a signing secret', ...ofSource, answer: SourceSchema })
  sign(@Param('source') name: string, @Body() { signingSecret }: SigningSecretDto): Promise<Source> {
    return this.sources.setSigningSecret(name, signingSecret)
  }

  @Post(':source/keys')
  @Documented({
    summary: 'Create a write key',
    ...ofSource,
    answer: NewWriteKeySchema,
    problems: { 404: ['SOURCE_NOT_FOUND'], 409: ['SOURCE_HAS_NO_KEYS'] },
  })
  async createKey(@Param('source') source: string, @Body() { kind }: CreateKeyDto): Promise<NewWriteKey> {
    const writeKey = makeWriteKey()
    const id = v7()
    await this.sources.addKey(source, { id, kind, digest: writeKeyDigest(writeKey) }, this.clock.now())
    return { id, kind, writeKey }
  }

  @Get(':source/keys')
  @Documented({
    summary: 'List write keys',
    description: 'Oldest first, revoked ones too.',
    ...ofSource,
    answer: pageSchema(WriteKeySchema),
  })
  async keys(@Param('source') source: string, @Query() { cursor, limit }: PageQuery): Promise<Page<WriteKey>> {
    const rows = await this.sources.keys(source, decodeCursor(KeyCursor, cursor), limit + 1)
    return pageOf(rows, limit, ({ id }) => id)
  }

  @Delete(':source/keys/:id')
  @HttpCode(204)
  @Documented({
    summary: 'Revoke a write key',
    description: 'Within two seconds events sent with it are refused.',
    parameters: { source: SourceParameter, id: KeyParameter },
    problems: { 404: ['WRITE_KEY_NOT_FOUND'] },
  })
  async revokeKey(@Param('source') source: string, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.sources.revokeKey(source, id, this.clock.now())
  }
}
