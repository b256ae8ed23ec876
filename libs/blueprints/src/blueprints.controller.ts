import { decodeCursor, Described, Documented, type Page, PageQuery, pageOf, ProblemError } from '@banso/platform'
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common'
import { Transform, Type as Into } from 'class-transformer'
import { ArrayMaxSize, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator'
import Type from 'typebox'
import { DataSource } from 'typeorm'
import { ApplyBlueprints, type BlueprintAnswer } from './apply-blueprints.ts'
import type { StoredBlueprint } from './blueprint.ts'
import { shownOf } from './blueprint-kind.ts'
import { type BlueprintEntry, Blueprints } from './blueprints.ts'
import {
  BlueprintAnswerSchema,
  BlueprintBody,
  BlueprintsSchema,
  JsonSchemaSchema,
  KindParameter,
  NameParameter,
  StoredBlueprintSchema,
} from './blueprints.schema.ts'
import { publishedSchema } from './published-schema.ts'

const named = { kind: KindParameter, name: NameParameter }
const Cursor = Type.Tuple([Type.String(), Type.String()])

export class ApplyQuery {
  @Described('Says what an apply would do, and stores nothing.', 'true')
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun?: 'true' | 'false'

  @Described('In a dry run: documents, `Kind/name`, that are taken to be there; may be given several times.')
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => [value].flat())
  @ArrayMaxSize(200)
  @Matches(/^[A-Za-z]{1,63}\/[a-z0-9-]{1,63}$/, { each: true })
  with?: string[]
}

export class VersionQuery {
  @Described('Without it, the newest.', 2)
  @IsOptional()
  @Into(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number
}

@Controller('v1')
export class BlueprintsController {
  constructor(
    private readonly source: DataSource,
    private readonly blueprints: Blueprints,
    private readonly applying: ApplyBlueprints,
  ) {}

  @Put('blueprints/:kind/:name')
  @Documented({
    summary: 'Apply a blueprint',
    description: 'What differs from the newest version becomes the next one; the same again changes nothing.',
    parameters: named,
    body: BlueprintBody,
    answer: BlueprintAnswerSchema,
    problems: { 404: ['BLUEPRINT_KIND_UNKNOWN'], 422: ['BLUEPRINT_INVALID'] },
  })
  apply(
    @Param('kind') kind: string,
    @Param('name') name: string,
    @Query() query: ApplyQuery,
    @Body() body: unknown,
  ): Promise<BlueprintAnswer> {
    return query.dryRun === 'true'
      ? this.applying.dryRun(kind, name, body, query.with)
      : this.applying.apply(kind, name, body)
  }

  @Get('blueprints')
  @Documented({ summary: 'List blueprints', description: 'By kind and name.', answer: BlueprintsSchema })
  async list(@Query() { cursor, limit }: PageQuery): Promise<Page<BlueprintEntry>> {
    const [kind, name] = decodeCursor(Cursor, cursor) ?? ['', '']
    const rows = await this.blueprints.page(this.source.manager, [kind, name], limit + 1)
    return pageOf(rows, limit, (row) => [row.kind, row.name])
  }

  @Get('blueprints/:kind/:name')
  @Documented({
    summary: 'Show a blueprint',
    parameters: named,
    answer: StoredBlueprintSchema,
    problems: { 404: ['BLUEPRINT_KIND_UNKNOWN', 'BLUEPRINT_NOT_FOUND'] },
  })
  async show(
    @Param('kind') kind: string,
    @Param('name') name: string,
    @Query() { version }: VersionQuery,
  ): Promise<StoredBlueprint> {
    const asked = this.applying.kind(kind)
    const found = await this.blueprints.find(this.source.manager, asked.kind, name, version)
    if (found !== undefined) return shownOf(asked, found)
    throw new ProblemError({
      code: 'BLUEPRINT_NOT_FOUND',
      status: 404,
      detail: 'there is no such blueprint or version',
    })
  }

  @Get('blueprint-schemas/:kind')
  @Documented({
    summary: 'Show a JSON Schema',
    parameters: { kind: KindParameter },
    answer: JsonSchemaSchema,
    problems: { 404: ['BLUEPRINT_KIND_UNKNOWN'] },
  })
  schema(@Param('kind') kind: string): object {
    return publishedSchema(this.applying.kind(kind))
  }
}
