import { Body, Controller, Delete, HttpCode, HttpStatus, Param, ParseUUIDPipe, Post } from '@nestjs/common'
import { type AccountJourney, JourneyReader } from '../show-journeys/journey-reader.ts'
import { MarkMilestones } from './mark-milestones.ts'
import { MilestoneDto } from './milestone.dto.ts'

@Controller('v1/accounts/:id/milestones/:milestone')
export class MarkMilestonesController {
  constructor(
    private readonly milestones: MarkMilestones,
    private readonly reader: JourneyReader,
  ) {}

  /** Answers the account's journey after it. */
  @Post()
  @HttpCode(HttpStatus.OK)
  async record(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Param('milestone') milestone: string,
    @Body() { by, note }: MilestoneDto,
  ): Promise<AccountJourney> {
    await this.milestones.record(accountId, milestone, { by, note })
    return this.reader.account(accountId)
  }

  @Delete()
  async takeBack(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Param('milestone') milestone: string,
  ): Promise<AccountJourney> {
    await this.milestones.takeBack(accountId, milestone)
    return this.reader.account(accountId)
  }
}
