import type { DataSource } from 'typeorm'
import { StartRefusedError } from '../errors.ts'
import { Calendar } from './calendar.ts'

export class TimeZoneFixedError extends StartRefusedError {
  override readonly code = 'TIME_ZONE_FIXED'

  constructor(fixed: string, asked: string) {
    super(
      `the days of this installation are days of ${fixed} since its first start, and cannot become days of ${asked}: ` +
        `set BANSO_TIMEZONE=${fixed}`,
    )
  }
}

/**
 * The calendar of the zone that the first start fixed, in the service's own table `installation (id, time_zone)`. Another
 * zone is refused: stored days would change their meaning.
 */
export const openCalendar = async (database: DataSource, zone: string): Promise<Calendar> => {
  await database.query(`INSERT INTO installation (id, time_zone) VALUES (1, $1) ON CONFLICT DO NOTHING`, [zone])
  const [installation] = await database.query<{ time_zone: string }[]>(`SELECT time_zone FROM installation`)
  const fixed = installation?.time_zone ?? zone
  if (fixed !== zone) throw new TimeZoneFixedError(fixed, zone)
  return new Calendar(zone)
}
