// A small service on the platform, for its specs.
import { Body, Controller, ForbiddenException, Get, Inject, Module, Param, Post, Query } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { Type } from 'class-transformer'
import { IsInt, IsString, ValidateNested } from 'class-validator'
import TypeBox from 'typebox'
import {
  BansoError,
  Clock,
  createLogger,
  decodeCursor,
  fastifyAdapter,
  NestLogger,
  type Page,
  pageOf,
  PageQuery,
  parseConfig,
  PlatformModule,
  ProblemError,
  platformSettings,
  Public,
  serviceDatabase,
  Tracing,
} from '../src/index.ts'

export const TOKEN = 'the-token-of-the-service'
export const authorized = { authorization: `Bearer ${TOKEN}` }

class ContactDto {
  @IsString()
  email!: string
}

class AccountDto {
  @IsString()
  name!: string

  @IsInt()
  seats!: number

  @ValidateNested({ each: true })
  @Type(() => ContactDto)
  contacts!: ContactDto[]
}

class NoSuchAccountError extends BansoError {
  override readonly code = 'ACCOUNT_NOT_FOUND'
  override readonly status = 404
  override readonly pointer = '/id'
}

class LostRowError extends BansoError {
  override readonly code = 'ROW_LOST'
}

const ROWS = Array.from({ length: 7 }, (_, index) => ({ id: index + 1 }))

@Controller('v1')
class SampleController {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Tracing) private readonly tracing: Tracing,
  ) {}

  @Get('time')
  time(): string {
    return this.clock.now().toISOString()
  }

  @Get('active')
  active(): { traceparent: string | undefined } {
    return { traceparent: this.tracing.active }
  }

  @Public()
  @Get('open')
  open(): string {
    return 'open'
  }

  @Get('rows')
  rows(@Query() query: PageQuery): Page<{ id: number }> {
    const after = decodeCursor(TypeBox.Integer(), query.cursor) ?? 0
    const rows = ROWS.filter((row) => row.id > after).slice(0, query.limit + 1)
    return pageOf(rows, query.limit, (row) => row.id)
  }

  @Post('accounts')
  create(@Body() body: AccountDto): { class: string; traceparent: string | undefined } {
    return { class: body.constructor.name, traceparent: this.tracing.active }
  }

  @Get('accounts/:id')
  read(@Param('id') id: string): never {
    if (id === 'forbidden') throw new ForbiddenException('not yours')
    if (id === 'lost') throw new LostRowError('row 7 of alice@example.com is gone')
    if (id === 'busy') {
      throw new ProblemError({ code: 'BUSY', status: 503, detail: 'ask again later', retryAfterSeconds: 7 })
    }
    if (id === 'crash') throw new TypeError('secret detail')
    throw new NoSuchAccountError('no such account')
  }
}

@Module({ controllers: [SampleController] })
class SampleModule {}

export interface Sample {
  readonly app: NestFastifyApplication
  /** What was logged, a line each. */
  readonly lines: readonly string[]
}

/** The service, listening on a free port of the loopback interface. */
export const startSample = async (databaseUrl: string, env: Record<string, string> = {}): Promise<Sample> => {
  const lines: string[] = []
  const logger = createLogger({ service: 'sample' }, { write: (line) => void lines.push(line) })
  const platform = PlatformModule.forRoot({
    service: 'sample',
    settings: parseConfig(TypeBox.Object(platformSettings), env),
    token: TOKEN,
    logger,
    database: serviceDatabase({ service: 'sample', url: databaseUrl, entities: [], migrations: [] }),
  })
  @Module({ imports: [platform, SampleModule] })
  class AppModule {}
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, fastifyAdapter({ bodyLimit: 2_000 }), {
    logger: new NestLogger(logger),
    abortOnError: false,
  })
  await app.listen(0, '127.0.0.1')
  return { app, lines }
}
