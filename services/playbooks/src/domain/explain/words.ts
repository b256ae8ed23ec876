// What an explanation says to people, in the languages that it can be asked for in.
import type { HeldBackReason } from '@banso/contracts'
import type { TriggerName } from '../document.ts'

export const LANGUAGES = ['en', 'ja'] as const
export type Language = (typeof LANGUAGES)[number]

export interface Words {
  readonly trigger: Readonly<Record<TriggerName, string>>
  readonly waitsFor: (trigger: string, rule: string) => string
  readonly dueAt: (time: string) => string
  readonly alreadyThere: string
  readonly of: { readonly audience: string; readonly condition: string }
  readonly met: (what: string, values: string) => string
  readonly notMet: (what: string, values: string) => string
  readonly undecided: (what: string, values: string, reason: string) => string
  readonly occasionTells: (what: string) => string
  readonly reason: Readonly<Record<HeldBackReason, string>>
  readonly pausedAll: string
  readonly under: (run: string) => string
  readonly coolsUntil: (time: string, run: string) => string
  readonly serious: (count: number) => string
  readonly cap: (step: string, used: number, cap: number) => string
  readonly outcome: Readonly<Record<'would-run' | 'held-back' | 'not-concerned' | 'disabled', string>>
  readonly never: string
  readonly run: {
    readonly running: (time: string, step: string | null) => string
    readonly done: (time: string) => string
    readonly goal: (time: string) => string
    readonly exited: (time: string) => string
    readonly failed: (time: string, reason: string) => string
    readonly heldBack: (time: string, reason: string) => string
  }
}

const behind = (values: string): string => (values === '' ? '' : ` (${values})`)
const inBrackets = (values: string): string => (values === '' ? '' : `(${values})`)

const en: Words = {
  trigger: {
    'band-changed': 'the health band changes',
    'score-moved': 'the score moves within 7 days',
    'alarm-raised': 'use drops well below what is usual',
    'stage-entered': 'a stage of the journey is entered',
    'milestone-reached': 'a milestone is reached',
    'pace-changed': 'the pace in a stage changes',
    'flag-raised': 'a flag of the journey is raised',
    'flag-cleared': 'a flag of the journey is cleared',
    'ticket-opened': 'a ticket is opened',
    'ticket-status-changed': 'the status of a ticket changes',
    'ticket-replied': 'a ticket is replied to',
    'ticket-rated': 'a ticket is rated',
    schedule: 'its time comes',
  },
  waitsFor: (trigger, rule) => `It starts when ${trigger}${behind(rule)}.`,
  dueAt: (time) => `It comes next at ${time}.`,
  alreadyThere: 'The account is already so; it starts when the account comes to be so again.',
  of: { audience: 'audience', condition: 'condition' },
  met: (what, values) => `The ${what} is met${behind(values)}.`,
  notMet: (what, values) => `The ${what} is not met${behind(values)}.`,
  undecided: (what, values, reason) =>
    `The ${what} cannot be decided and counts as not met: ${reason}${behind(values)}.`,
  occasionTells: (what) => `The ${what} asks for what only the occasion itself will say.`,
  reason: {
    history: 'only events over 24 hours old when they were received caused it',
    'first-score': 'it is the first score of the account, or the first by a measure that is new for everybody',
    duplicate: 'a run for the same occasion is under way',
    'cool-down': 'a run was started within the cool-down',
    'first-activation': 'it happened before the playbook was switched on',
    'serious-ticket': 'it sells, and a serious ticket is open',
    'daily-cap': 'its daily cap is reached',
    observe: 'the playbook only observes',
    paused: 'the playbook is paused',
  },
  pausedAll: 'all playbooks are paused',
  under: (run) => `a run is under way (${run})`,
  coolsUntil: (time, run) => `cool-down until ${time} (run ${run})`,
  serious: (count) => `it sells, and serious tickets are open (${count})`,
  cap: (step, used, cap) => `the daily cap of step ${step} is reached (${used} of ${cap})`,
  outcome: {
    'would-run': 'Nothing stands in the way: it would run now.',
    'held-back': 'It would be held back now: ',
    'not-concerned': 'It does not concern this account now.',
    disabled: 'The playbook is switched off.',
  },
  never: 'It never matched for this account.',
  run: {
    running: (time, step) => `${time}: under way${step === null ? '' : `, at step ${step}`}.`,
    done: (time) => `${time}: ran to its end.`,
    goal: (time) => `${time}: ended because its goal was met.`,
    exited: (time) => `${time}: left by an exit step.`,
    failed: (time, reason) => `${time}: failed (${reason}).`,
    heldBack: (time, reason) => `${time}: matched but was held back because ${reason}.`,
  },
}

const ja: Words = {
  trigger: {
    'band-changed': 'ヘルスのバンドが変わったとき',
    'score-moved': '7日以内にスコアが動いたとき',
    'alarm-raised': '利用がふだんより大きく減ったとき',
    'stage-entered': 'ジャーニーのステージに入ったとき',
    'milestone-reached': 'マイルストーンに達したとき',
    'pace-changed': 'ステージでの進み具合が変わったとき',
    'flag-raised': 'ジャーニーのフラグが立ったとき',
    'flag-cleared': 'ジャーニーのフラグが下りたとき',
    'ticket-opened': 'チケットが開かれたとき',
    'ticket-status-changed': 'チケットの状態が変わったとき',
    'ticket-replied': 'チケットに返信があったとき',
    'ticket-rated': 'チケットが評価されたとき',
    schedule: '予定の時刻になったとき',
  },
  waitsFor: (trigger, rule) => `${trigger}${inBrackets(rule)}に始まります。`,
  dueAt: (time) => `次の時刻は ${time} です。`,
  alreadyThere: 'この顧客はすでにその状態です。もう一度その状態になったときに始まります。',
  of: { audience: '対象', condition: '条件' },
  met: (what, values) => `${what}を満たしています${inBrackets(values)}。`,
  notMet: (what, values) => `${what}を満たしていません${inBrackets(values)}。`,
  undecided: (what, values, reason) => `${what}は判定できず、満たさないものとします: ${reason}${inBrackets(values)}。`,
  occasionTells: (what) => `${what}は、きっかけそのものが起きるまで分かりません。`,
  reason: {
    history: '受信時に24時間より古いイベントだけによるため',
    'first-score': 'この顧客の最初のスコア、または全顧客に新しい指標による最初のスコアのため',
    duplicate: '同じきっかけの実行が進行中のため',
    'cool-down': 'クールダウンの期間内に実行があったため',
    'first-activation': 'プレイブックを有効にする前のことのため',
    'serious-ticket': '販売のプレイブックで、重大なチケットが開いているため',
    'daily-cap': '1日の上限に達したため',
    observe: 'プレイブックが観察のみのため',
    paused: 'プレイブックが一時停止中のため',
  },
  pausedAll: 'すべてのプレイブックが一時停止中',
  under: (run) => `実行が進行中(${run})`,
  coolsUntil: (time, run) => `${time} までクールダウン(実行 ${run})`,
  serious: (count) => `販売のプレイブックで、重大なチケットが開いている(${count} 件)`,
  cap: (step, used, cap) => `ステップ ${step} の1日の上限に達した(${cap} 件中 ${used} 件)`,
  outcome: {
    'would-run': '妨げるものはなく、今きっかけがあれば実行されます。',
    'held-back': '今は保留されます: ',
    'not-concerned': '今はこの顧客を対象としません。',
    disabled: 'プレイブックは無効です。',
  },
  never: 'この顧客では一度も一致していません。',
  run: {
    running: (time, step) => `${time}: 進行中${step === null ? '' : `(ステップ ${step})`}。`,
    done: (time) => `${time}: 最後まで実行しました。`,
    goal: (time) => `${time}: ゴールを満たして終わりました。`,
    exited: (time) => `${time}: 途中の終了ステップで終わりました。`,
    failed: (time, reason) => `${time}: 失敗しました(${reason})。`,
    heldBack: (time, reason) => `${time}: 一致しましたが保留しました: ${reason}。`,
  },
}

export const wordsIn: Readonly<Record<Language, Words>> = { en, ja }
