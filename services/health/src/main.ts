import { createEventService } from '@banso/messaging'
import { startService } from '@banso/platform'
import { AppModule } from './app.module.ts'
import { loadConfig } from './config.ts'

await startService('health', async (warn) => {
  const config = loadConfig()
  warn(config.unknownSettings)
  const app = await createEventService(AppModule.forConfig(config))
  await app.listen(config.HEALTH_PORT, config.BANSO_API_BIND)
})
