// A small service that owns one kind of blueprints, for the specs.
import {
  Clock,
  createLogger,
  fastifyAdapter,
  migrate,
  NestLogger,
  parseConfig,
  PlatformModule,
  platformSettings,
  serviceDatabase,
} from '@banso/platform'
import { createMigratedDatabase, ManualClock, type TestDatabase } from '@banso/testing'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import Type from 'typebox'
import type { MigrationInterface, QueryRunner } from 'typeorm'
import {
  type BlueprintFault,
  blueprintEntities,
  blueprintKind,
  blueprintMigrations,
  BlueprintsModule,
} from '../src/index.ts'

const TOKEN = 'the-token-of-the-service'

class MakeApplied1700000000001 implements MigrationInterface {
  readonly name = 'MakeApplied1700000000001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE applied (name text, version integer)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE applied')
  }
}

const loudness = (text: string): BlueprintFault[] =>
  text.includes('!')
    ? [{ pointer: '/spec/text', code: 'LOUD', message: 'no need to shout', line: 1, column: text.indexOf('!') + 1 }]
    : []

export const noteKind = blueprintKind({
  kind: 'Note',
  schema: Type.Object(
    { text: Type.String({ maxLength: 100 }), tags: Type.Optional(Type.Array(Type.String())) },
    { additionalProperties: false },
  ),
  check: async ({ spec }, tx) => {
    const named = /^see (\S+)/.exec(spec.text)?.[1]
    const known = named === undefined ? [{}] : await tx.query<object[]>('SELECT FROM applied WHERE name = $1', [named])
    if (named !== undefined && known.length === 0)
      return [{ pointer: '/spec/text', message: 'there is no such note', missing: { kind: 'Note', name: named } }]
    return loudness(spec.text)
  },
  impact: (_, { spec }) => [`${spec.text.length} characters will be read`],
  applied: async (tx, { name, version, spec }) => {
    await tx.query('INSERT INTO applied VALUES ($1, $2)', [name, version])
    if (spec.text === 'break') throw new Error('it breaks')
    return version === 1 ? { secret: 'shown once' } : undefined
  },
})

const optionsOf = (url: string) =>
  serviceDatabase({
    service: 'notes',
    url,
    entities: [...blueprintEntities],
    migrations: [...blueprintMigrations, MakeApplied1700000000001],
  })

export const createNotesDatabase = (): Promise<TestDatabase> =>
  createMigratedDatabase('blueprint_notes', (url) => migrate(optionsOf(url)))

@Module({})
class NotesModule {}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export class NotesApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly clock: ManualClock,
  ) {}

  static async start(url: string): Promise<NotesApp> {
    const clock = new ManualClock(new Date('2026-03-01T00:00:00Z'))
    const module = {
      module: NotesModule,
      imports: [
        PlatformModule.forRoot({
          service: 'notes',
          settings: parseConfig(Type.Object(platformSettings), {}),
          token: TOKEN,
          database: optionsOf(url),
          clock,
          logger: createLogger({ service: 'notes', level: 'silent' }),
        }),
        BlueprintsModule.forRoot({ kinds: [noteKind] }),
      ],
    }
    const app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(), {
      logger: new NestLogger(createLogger({ service: 'notes', level: 'silent' })),
    })
    await app.init()
    return new NotesApp(app, app.get<ManualClock>(Clock))
  }

  async call(method: 'GET' | 'PUT', url: string, payload?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const answer = await this.app.inject({ method, url, headers, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json<Answer['body']>() }
  }

  put(name: string, spec: object, more = ''): Promise<Answer> {
    return this.call('PUT', `/v1/blueprints/Note/${name}${more}`, { kind: 'Note', name, spec })
  }
}
