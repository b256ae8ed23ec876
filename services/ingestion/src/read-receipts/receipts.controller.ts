import { ProblemError } from '@banso/platform'
import { Controller, Get, Param } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { type Receipt, receipts } from '../store/receipts.ts'

/** What became of an event. */
export interface ReceiptView extends Pick<
  Receipt,
  'source' | 'messageId' | 'state' | 'reason' | 'accountId' | 'personId' | 'receivedAt' | 'sortedAt'
> {
  /** The day of `sortedAt`: from it the window of repeats counts. */
  readonly seenOn: string
  /** How often it was sent again. */
  readonly repeats: number
}

@Controller('v1/sources/:source/receipts')
export class ReceiptsController {
  constructor(private readonly database: DataSource) {}

  /** 404 until the event is sorted, and after its window. */
  @Get(':messageId')
  async show(@Param('source') source: string, @Param('messageId') messageId: string): Promise<ReceiptView> {
    const receipt = await receipts.read(this.database.manager, { source, messageId })
    if (!receipt)
      throw new ProblemError({
        code: 'RECEIPT_NOT_FOUND',
        status: 404,
        detail: 'no event of this id was sorted: it was never accepted, is on its way, or is older than the window',
      })
    const { at: _at, partition: _partition, personMade: _person, accountKeyMade: _account, ...shown } = receipt
    return { ...shown, seenOn: receipt.sortedAt.toISOString().slice(0, 10) }
  }
}
