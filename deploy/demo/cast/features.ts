export const FEATURES = ['Report Created', 'Report Shared', 'Dashboard Viewed', 'Export Finished', 'Forecast Made']

export const peopleOf = (slug: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${slug}-${n + 1}`)
