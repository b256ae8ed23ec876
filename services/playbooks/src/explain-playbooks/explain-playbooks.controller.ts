import { Clock, Documented } from '@banso/platform'
import { Controller, Get, Param, Query } from '@nestjs/common'
import { ExplainPlaybooks, type WhyAnswer } from './explain-playbooks.ts'
import { WhyParams, WhyQuery } from './explain-playbooks.dto.ts'
import { WhyAnswerSchema } from './why.schema.ts'

@Controller('v1/playbooks')
export class ExplainPlaybooksController {
  constructor(
    private readonly playbooks: ExplainPlaybooks,
    private readonly clock: Clock,
  ) {}

  @Get(':name/why/:accountId')
  @Documented({
    summary: 'Explain a playbook',
    description: 'Why it ran for an account or did not, and whether it would now.',
    answer: WhyAnswerSchema,
    problems: { 404: ['ACCOUNT_NOT_FOUND', 'PLAYBOOK_NOT_FOUND'], 409: ['PLAYBOOK_OUTDATED'] },
  })
  why(@Param() { name, accountId }: WhyParams, @Query() { lang }: WhyQuery): Promise<WhyAnswer> {
    return this.playbooks.why(name, accountId, lang, this.clock.now())
  }
}
