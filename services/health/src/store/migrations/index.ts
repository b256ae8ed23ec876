import { CreateHealth1795356000100 } from './1795356000100-create-health.ts'
import { CompleteTheScore1795395600100 } from './1795395600100-complete-the-score.ts'
import { CountRatingsByDay1795450000100 } from './1795450000100-count-ratings-by-day.ts'

export const migrations = [CreateHealth1795356000100, CompleteTheScore1795395600100, CountRatingsByDay1795450000100]
