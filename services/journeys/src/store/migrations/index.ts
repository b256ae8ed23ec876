import { CreateJourneys1795392000100 } from './1795392000100-create-journeys.ts'
import { SeedStarter1795392000200 } from './1795392000200-seed-starter.ts'

export const migrations = [CreateJourneys1795392000100, SeedStarter1795392000200]
