import { createEventService } from '@banso/messaging'
import { AppModule } from './app.module.ts'
import { loadConfig } from './config.ts'

const config = loadConfig()
const app = await createEventService(AppModule.forConfig(config))
await app.listen(config.JOURNEYS_PORT, config.BANSO_API_BIND)
