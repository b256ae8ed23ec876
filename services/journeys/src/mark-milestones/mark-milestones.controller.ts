import { Documented } from '@banso/platform'
import { Body, Controller, Delete, HttpCode, HttpStatus, Param, ParseUUIDPipe, Post } from '@nestjs/common'
import { AccountJourneySchema, AccountParameter, MilestoneParameter } from '../show-journeys/journey.schema.ts'
import { type AccountJourney, JourneyReader } from '../show-journeys/journey-reader.ts'
import { MarkMilestones } from './mark-milestones.ts'
import { MilestoneDto } from './milestone.dto.ts'

const parameters = { id: AccountParameter, milestone: MilestoneParameter }

@Controller('v1/accounts/:id/milestones/:milestone')
export class MarkMilestonesController {
  constructor(
    private readonly milestones: MarkMilestones,
    private readonly reader: JourneyReader,
  ) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @Documented({
    summary: 'Record a milestone',
    description: "Of those that only people can tell of. Answers the account's journey after it.",
    parameters,
    answer: AccountJourneySchema,
    problems: {
      404: ['ACCOUNT_NOT_FOUND', 'MILESTONE_NOT_FOUND'],
      409: ['MILESTONE_AUTOMATIC'],
      503: ['REBUILDING'],
    },
  })
  async record(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Param('milestone') milestone: string,
    @Body() { by, note }: MilestoneDto,
  ): Promise<AccountJourney> {
    await this.milestones.record(accountId, milestone, { by, note })
    return this.reader.account(accountId)
  }

  @Delete()
  @Documented({
    summary: 'Take a milestone back',
    parameters,
    answer: AccountJourneySchema,
    problems: {
      404: ['ACCOUNT_NOT_FOUND', 'MILESTONE_NOT_FOUND', 'MILESTONE_NOT_RECORDED'],
      409: ['MILESTONE_AUTOMATIC'],
      503: ['REBUILDING'],
    },
  })
  async takeBack(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Param('milestone') milestone: string,
  ): Promise<AccountJourney> {
    await this.milestones.takeBack(accountId, milestone)
    return this.reader.account(accountId)
  }
}
