import { createEventService } from '@banso/messaging'
import { startService } from '@banso/platform'
import { AppModule } from './app.module.ts'
import { loadConfig } from './config.ts'

await startService('accounts', async (warn) => {
  const config = loadConfig()
  warn(config.unknownSettings)
  const app = await createEventService(AppModule.forConfig(config))
  await app.listen(config.ACCOUNTS_PORT, config.BANSO_API_BIND)
})
