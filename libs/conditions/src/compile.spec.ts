import { describe, expect, it } from '@jest/globals'
import { faults } from '../test/verdicts.ts'

const first = (source: string): string => {
  const [fault] = faults(source)
  return fault === undefined ? 'no fault' : `${fault.line}:${fault.column} ${fault.message}`
}

describe('a name that is no fact', () => {
  it.each([
    ['health.scor < 40', '1:1 health.scor is not a fact (did you mean health.score?)'],
    ['score < 40', '1:1 score is not a fact (did you mean health.score?)'],
    ['tickets.opened > 1', '1:1 tickets.opened is not a fact (did you mean tickets.open?)'],
    ['true &&\n  health.bnd == "red"', '2:3 health.bnd is not a fact (did you mean health.band?)'],
    ['something_else == 1', '1:1 something_else is not a fact'],
    [
      'health.measures.breadth.valu > 1',
      '1:1 health.measures.breadth.valu is not a fact (did you mean health.measures.breadth.value?)',
    ],
    [
      'health.measures.breadth > 1',
      '1:1 health.measures.breadth is a group of facts, name one of them: health.measures.breadth.value, ' +
        'health.measures.breadth.score, health.measures.breadth.peerRank',
    ],
    ['account.name.first == "a"', '1:1 account.name is a string, it has no parts'],
    ['has(health.scor)', '1:5 health.scor is not a fact (did you mean health.score?)'],
    ['health.scor == null', '1:1 health.scor is not a fact (did you mean health.score?)'],
    ['(account).name == "a"', '1:2 write account.name in one piece, without brackets around a part of it'],
    ['account // the\n.name == "a"', '1:1 write account.name in one piece, without brackets around a part of it'],
  ])('%j: %s', (source, expected) => expect(first(source)).toBe(expected))

  it('is found wherever it stands, in order', () => {
    const source = 'helth.score < 1 &&\n(tickets.opn > 2 || journey.milestones.exists(m, m == stage))'
    expect(faults(source).map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [2, 2],
      [2, 55],
    ])
  })

  it('may be one of a trigger, in a condition that is not about one', () => {
    expect(faults('trigger.type == "schedule"', 'account')).toEqual([
      {
        message: "trigger.type: facts of a trigger are known only to conditions of a playbook's trigger",
        line: 1,
        column: 1,
      },
    ])
    expect(faults('trigger.type == "schedule"', 'trigger')).toEqual([])
  })
})

describe('a wrong type', () => {
  it.each([
    ['health.score < "a"', '1:1 < does not take double and string'],
    ['health.partial > 1', '1:1 > does not take bool and int'],
    ['true && health.band == 3', '1:9 == does not take string and int'],
    ['!health.score', '1:1 ! does not take double'],
    ['health.score && true', "1:1 Logical operator requires bool operands, got 'double'"],
    ['health.score', '1:1 a condition is true or false, this one is a double'],
    ['  account.name', '1:3 a condition is true or false, this one is a string'],
    ['health.score.startsWith("4")', '1:1 there is no double.startsWith(string)'],
    ['size(health.score) == 1', '1:1 there is no size(double)'],
    ['account.name.startsWith()', '1:1 there is no string.startsWith()'],
    [
      "account.traits.plan in ['a', 1]",
      "1:30 List elements must have the same type, expected type 'string' but found 'int'",
    ],
    ['journey.milestones.exists(m, m > 1)', '1:30 > does not take string and int'],
  ])('%j: %s', (source, expected) => expect(first(source)).toBe(expected))
})

describe('a value that a fact never has', () => {
  it.each([
    [
      'health.band == "grean"',
      /^1:16 health\.band is never 'grean' \(did you mean green\?\): it is one of red, amber, green$/,
    ],
    ['"Red" != health.band', /^1:1 health\.band is never 'Red' \(did you mean red\?\)/],
    ['trigger.type in ["ticket-opened", "ticket-rate"]', /^1:35 .*\(did you mean ticket-rated\?\)/],
    ['journey.pace == "late"', /is never 'late': it is one of on-track, behind, stuck/],
  ])('%j: %s', (source, expected) => expect(first(source)).toMatch(expected))
})

describe('a text that is no condition', () => {
  it.each([
    ['', '1:1 the condition ends too early'],
    ['health.score <', '1:15 the condition ends too early'],
    ['health.score < 40 )', "1:19 Unexpected character: ')'"],
    ['health.band == "red', '1:16 Unterminated string'],
    ['health.score = 40', '1:14 write == to compare'],
    ['health.score < 40 &&\n\n health.band == ', '3:17 the condition ends too early'],
  ])('%j: %s', (source, expected) => expect(first(source)).toBe(expected))
})

describe('a call that is not available', () => {
  it.each([
    [
      'account.name.matches("^a")',
      "1:1 matches() is not available: write re(text, 'pattern'), which takes linear time",
    ],
    ['now() == now', '1:1 now() is not available: it is a fact, write now'],
    ['timestamp(now) == timestamp(now)', '1:1 timestamp() is not available: instants are texts'],
    ['duration("72h") == duration("72h")', '1:1 duration() is not available: write numbers'],
    ['account.name.startWith("A")', '1:1 startWith() is not available (did you mean startsWith?)'],
    ['account.name.constructor() == 1', '1:1 constructor() is not available'],
    ['account.name.re("A")', "1:1 write re(text, 'pattern')"],
    ['startsWith(account.name, "A")', '1:1 write text.startsWith(part)'],
    ['journey.milestones.map(m, m) == []', '1:1 map() is not available: write exists, all, exists_one or filter'],
    ['cel.bind(x, 1, x == 1)', '1:1 bind() is not available'],
    ['type(1) == type(2)', '1:1 type() is not available'],
    ['{"a": 1} == account.traits', '1:1 a condition cannot make a map'],
  ])('%j: %s', (source, expected) => expect(first(source)).toContain(expected))

  it.each([
    ['journey.milestones.exists(m, journey.milestones.all(n, n == m))', 'cannot stand inside of another'],
    ['journey.milestones.exists(health, true)', 'health is a fact, choose another name'],
    ['journey.milestones.exists(_0, health.score < 3)', 'a name that begins with _ is reserved'],
    ['re(account.name, account.segment)', 'the pattern of re(text'],
    ['re(account.name, "(")', 'not a pattern of RE2: error parsing regexp: missing closing )'],
    ['re(account.name, "a(?=b)")', 'not a pattern of RE2'],
  ])('%s: %s', (source, expected) => expect(first(source)).toContain(expected))
})
