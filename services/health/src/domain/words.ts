// What scores say to people, in the languages that they can be asked for in.
import type { MissingReason } from './measures.ts'
import type { MeasureName } from './scorecard.ts'

export type Language = 'en' | 'ja'

export const languages: readonly Language[] = ['en', 'ja']

interface Words {
  readonly label: Readonly<Record<MeasureName, string>>
  readonly value: Readonly<Record<MeasureName, (value: number) => string>>
  readonly rank: (rank: number) => string
  readonly missing: Readonly<Record<MissingReason, string>>
}

const figure = (value: number): string => String(Math.round(value * 10) / 10)
const percent = (share: number): string => figure(100 * share)

const en: Words = {
  label: {
    'active-user-share': 'active users',
    frequency: 'frequency of use',
    breadth: 'breadth of use',
    trend: 'trend of use',
    satisfaction: 'satisfaction',
    'open-urgent-load': 'open urgent tickets',
  },
  value: {
    'active-user-share': (value) => `users of the last 28 days fill ${percent(value)} % of the paid seats`,
    frequency: (value) => `used on ${value} of the last 28 days`,
    breadth: (value) => `${value === 1 ? '1 feature' : `${value} different features`} used in the last 28 days`,
    trend: (value) => `use in the last 28 days is ${percent(Math.exp(value))} % of what it was in the weeks before`,
    satisfaction: (value) => `ratings of tickets, the newest first, speak for ${percent(value)} % satisfaction`,
    'open-urgent-load': (value) =>
      value === 0 ? 'no urgent or high ticket is open' : `open urgent and high tickets weigh ${figure(value)}`,
  },
  rank: (rank) => ` (${figure(rank)} of 100 among its peers)`,
  missing: {
    'not-connected': 'not counted: no event of this kind has been received yet',
    'history-too-short': 'not counted: the history is too short',
    'no-seats': 'not counted: the number of paid seats is not known (group trait seats)',
    'no-ratings': 'not counted: nobody has rated a ticket yet',
  },
}

const ja: Words = {
  label: {
    'active-user-share': '利用者の割合',
    frequency: '利用頻度',
    breadth: '利用機能の幅',
    trend: '利用の傾向',
    satisfaction: '満足度',
    'open-urgent-load': '未解決の緊急チケット',
  },
  value: {
    'active-user-share': (value) => `直近28日の利用者は契約席数の ${percent(value)}%`,
    frequency: (value) => `直近28日のうち ${value} 日利用`,
    breadth: (value) => `直近28日に ${value} 種類の機能を利用`,
    trend: (value) => `直近28日の利用はそれ以前の週の ${percent(Math.exp(value))}%`,
    satisfaction: (value) => `チケット評価(新しいものほど重視)による満足度は ${percent(value)}%`,
    'open-urgent-load': (value) =>
      value === 0 ? '未解決の緊急・高優先度チケットはなし' : `未解決の緊急・高優先度チケットの重みは ${figure(value)}`,
  },
  rank: (rank) => `(同類の顧客の中で 100 中 ${figure(rank)})`,
  missing: {
    'not-connected': '対象外:この種類のイベントをまだ受信していない',
    'history-too-short': '対象外:履歴が短すぎる',
    'no-seats': '対象外:契約席数が不明(グループ属性 seats)',
    'no-ratings': '対象外:チケットの評価がまだない',
  },
}

export const wordsOf: Readonly<Record<Language, Words>> = { en, ja }
