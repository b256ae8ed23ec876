import { CreateIngestion1795356100000 } from './1795356100000-create-ingestion.ts'

export const ingestionMigrations = [CreateIngestion1795356100000]
