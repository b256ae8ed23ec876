import { Clock } from '@banso/platform'
import { Controller, Get, Param, Query } from '@nestjs/common'
import { ExplainPlaybooks, type WhyAnswer } from './explain-playbooks.ts'
import { WhyParams, WhyQuery } from './explain-playbooks.dto.ts'

@Controller('v1/playbooks')
export class ExplainPlaybooksController {
  constructor(
    private readonly playbooks: ExplainPlaybooks,
    private readonly clock: Clock,
  ) {}

  @Get(':name/why/:accountId')
  why(@Param() { name, accountId }: WhyParams, @Query() { lang }: WhyQuery): Promise<WhyAnswer> {
    return this.playbooks.why(name, accountId, lang, this.clock.now())
  }
}
