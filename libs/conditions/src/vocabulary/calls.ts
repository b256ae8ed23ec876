import { suggestion } from './nearest.ts'

/** Something that a condition may call. */
export interface CallEntry {
  /** `method`: written after a text or a list; `either`: both ways; `macro`: a method that names each element in turn. */
  readonly kind: 'function' | 'method' | 'either' | 'macro'
  readonly form: string
  readonly type: 'bool' | 'int' | 'double' | 'string' | 'list'
  readonly en: string
  readonly ja: string
}

/** All that a condition may call, by name. Whatever else CEL has is refused. */
export const calls: Readonly<Record<string, CallEntry>> = {
  has: {
    kind: 'function',
    form: 'has(fact)',
    type: 'bool',
    en: 'the fact is known, same as `fact != null`',
    ja: '値がある（`fact != null` と同じ）',
  },
  re: {
    kind: 'function',
    form: "re(text, 'pattern')",
    type: 'bool',
    en: 'the pattern (RE2 syntax) is found in the text; `^…$` for the whole of it',
    ja: '正規表現（RE2）に一致する部分がある。全体なら `^…$`',
  },
  daysBetween: {
    kind: 'function',
    form: 'daysBetween(from, to)',
    type: 'int',
    en: 'days from one date to another, negative backwards; of an instant, the date as written',
    ja: '日付の間の日数（逆向きは負）。時刻は書かれた日付で数える',
  },
  hoursBetween: {
    kind: 'function',
    form: 'hoursBetween(from, to)',
    type: 'double',
    en: 'hours from one instant to another; both with a zone',
    ja: '時刻の間の時間数。どちらもタイムゾーン付き',
  },
  int: { kind: 'function', form: 'int(x)', type: 'int', en: 'whole number of a number or text', ja: '整数に変換' },
  double: { kind: 'function', form: 'double(x)', type: 'double', en: 'number of a number or text', ja: '数値に変換' },
  string: { kind: 'function', form: 'string(x)', type: 'string', en: 'text of a number or bool', ja: '文字列に変換' },
  size: {
    kind: 'either',
    form: 'size(x)',
    type: 'int',
    en: 'characters of a text, elements of a list or a map',
    ja: '文字数、要素数',
  },
  startsWith: { kind: 'method', form: 'text.startsWith(part)', type: 'bool', en: 'begins with it', ja: '前方一致' },
  endsWith: { kind: 'method', form: 'text.endsWith(part)', type: 'bool', en: 'ends with it', ja: '後方一致' },
  contains: { kind: 'method', form: 'text.contains(part)', type: 'bool', en: 'has it in it', ja: '部分一致' },
  lowerAscii: { kind: 'method', form: 'text.lowerAscii()', type: 'string', en: 'in small letters', ja: '小文字にする' },
  upperAscii: { kind: 'method', form: 'text.upperAscii()', type: 'string', en: 'in capitals', ja: '大文字にする' },
  trim: { kind: 'method', form: 'text.trim()', type: 'string', en: 'without blanks around it', ja: '前後の空白を除く' },
  exists: {
    kind: 'macro',
    form: 'list.exists(x, condition)',
    type: 'bool',
    en: 'it holds for one or more',
    ja: 'いずれかが満たす',
  },
  all: { kind: 'macro', form: 'list.all(x, condition)', type: 'bool', en: 'it holds for each', ja: 'すべてが満たす' },
  exists_one: {
    kind: 'macro',
    form: 'list.exists_one(x, condition)',
    type: 'bool',
    en: 'it holds for exactly one',
    ja: 'ちょうど一つが満たす',
  },
  filter: {
    kind: 'macro',
    form: 'list.filter(x, condition)',
    type: 'list',
    en: 'those for which it holds',
    ja: '満たすものだけのリスト',
  },
}

/** What to write in place of something that CEL has elsewhere. */
const instead: Readonly<Record<string, string>> = {
  matches: "write re(text, 'pattern'), which takes linear time",
  map: 'write exists, all, exists_one or filter',
  now: 'it is a fact, write now',
  today: 'it is a fact, write today',
  timestamp: 'instants are texts, write hoursBetween(from, to) or daysBetween(from, to)',
  duration: 'write numbers of days or hours, with daysBetween(from, to) or hoursBetween(from, to)',
}

const own = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

export const isMacro = (name: string): boolean => own(calls, name)?.kind === 'macro'

/** Why a call is refused, or nothing. `after`: it is written after a value and a dot. */
export const callProblem = (name: string, after: boolean): string | undefined => {
  const known = own(calls, name)
  if (known !== undefined) {
    const right = known.kind === 'either' || (known.kind !== 'function') === after
    return right ? undefined : `write ${known.form}`
  }
  const hint = own(instead, name)
  return `${name}() is not available${hint === undefined ? suggestion(name, Object.keys(calls)) : `: ${hint}`}`
}
