import type { OnApplicationShutdown } from '@nestjs/common'
import type { Tracing } from './tracing.ts'

// A receiver that does not answer must not hold a shutdown up.
const LONGEST_CLOSE_MS = 3_000

/** Sends the last spans when the service stops. */
export class TracingLifetime implements OnApplicationShutdown {
  constructor(private readonly tracing: Tracing) {}

  async onApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_CLOSE_MS)
    })
    await Promise.race([this.tracing.close(), late])
    clearTimeout(timer)
  }
}
