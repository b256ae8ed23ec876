import { CreateAccounts1795356000000 } from './1795356000000-create-accounts.ts'

export const migrations = [CreateAccounts1795356000000]
