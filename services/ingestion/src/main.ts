import { createEventService } from '@banso/messaging'
import { startService } from '@banso/platform'
import { AppModule } from './app.module.ts'
import { loadConfig } from './config.ts'
import { CaptureServer } from './serve-capture/capture-server.ts'

await startService('ingestion', async (warn) => {
  const config = loadConfig()
  warn(config.unknownSettings)
  const app = await createEventService(AppModule.forConfig(config))
  if (config.INGESTION_ROLE !== 'sorter') {
    await app.get(CaptureServer).listen(config.INGESTION_PORT, config.INGESTION_BIND)
  }
  await app.listen(config.INGESTION_API_PORT, config.BANSO_API_BIND)
})
