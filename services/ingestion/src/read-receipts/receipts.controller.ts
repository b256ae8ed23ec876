import { Documented, ProblemError } from '@banso/platform'
import { Controller, Get, Param } from '@nestjs/common'
import Type from 'typebox'
import { DataSource } from 'typeorm'
import { type Receipt, receipts } from '../store/receipts.ts'
import { ReceiptSchema } from './receipt.schema.ts'

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

  @Get(':messageId')
  @Documented({
    summary: 'Show a receipt',
    description: 'What became of an event: 404 until it is sorted, and after its window.',
    parameters: {
      source: Type.String({ description: 'Name of the source.' }),
      messageId: Type.String({ description: "The client's id of the event." }),
    },
    answer: ReceiptSchema,
    problems: { 404: ['RECEIPT_NOT_FOUND'] },
  })
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
