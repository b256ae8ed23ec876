import { Catch, type ExceptionFilter } from '@nestjs/common'

/** Lets an event handler's error reach the strategy as it was thrown; Nest alone would make `{ status: 'error' }` of it. */
@Catch()
export class PassErrors implements ExceptionFilter {
  catch(fault: unknown): never {
    throw fault
  }
}
