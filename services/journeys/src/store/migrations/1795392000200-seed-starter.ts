import type { MigrationInterface, QueryRunner } from 'typeorm'

// As deploy/blueprints/starter has it: applying that changes nothing.
const starter = {
  title: {
    en: 'Onboarding, adoption, expansion',
    ja: '導入・活用・拡大',
  },
  spec: {
    dormantAfter: 'P28D',
    limits: {
      seats: 'seats',
      planLimit: 'planLimit',
    },
    stages: [
      {
        name: 'onboarding',
        title: {
          en: 'Onboarding',
          ja: '導入',
        },
        expected: 'P30D',
        longest: 'P90D',
        stalledAfter: 'P120D',
        milestones: [
          {
            name: 'kick-off',
            title: {
              en: 'Kick-off held',
              ja: 'キックオフ実施',
            },
          },
          {
            name: 'first-use',
            title: {
              en: 'First use',
              ja: '初回利用',
            },
            expected: 'P7D',
            longest: 'P30D',
            when: {
              activation: {
                distinct: 1,
                users: 1,
              },
            },
          },
          {
            name: 'activation',
            title: {
              en: 'Activated',
              ja: '活用開始',
            },
            when: {
              activation: {
                distinct: 3,
                users: 2,
              },
            },
          },
        ],
        next: {
          milestones: ['activation'],
        },
      },
      {
        name: 'adoption',
        title: {
          en: 'Adoption',
          ja: '活用',
        },
        expected: 'P180D',
        longest: 'P365D',
        milestones: [
          {
            name: 'team-use',
            title: {
              en: 'Used by the team',
              ja: 'チームでの利用',
            },
            expected: 'P60D',
            longest: 'P180D',
            when: {
              activation: {
                distinct: 5,
                users: 5,
              },
            },
          },
          {
            name: 'result-confirmed',
            title: {
              en: 'Result confirmed by the customer',
              ja: '成果の確認',
            },
          },
        ],
        next: {
          'expansion-ready': {
            shareAtLeast: 0.8,
            planLimitAtLeast: 0.8,
            weeks: {
              met: 3,
              of: 4,
            },
            breadthRankAtLeast: 75,
            breadthScoreAtLeast: 60,
            trendAtLeast: 0,
            experienceAtLeast: 40,
          },
        },
      },
      {
        name: 'expansion',
        title: {
          en: 'Expansion',
          ja: '拡大',
        },
        milestones: [
          {
            name: 'expansion-agreed',
            title: {
              en: 'Expansion agreed',
              ja: '拡大の合意',
            },
          },
        ],
        back: {
          failing: 2,
          for: 'P28D',
        },
      },
    ],
  },
}

/** What accounts follow until a journey is applied. */
export class SeedStarter1795392000200 implements MigrationInterface {
  name = 'SeedStarter1795392000200'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO blueprint (kind, name, latest_version) VALUES ('Journey', 'starter', 1)`)
    await runner.query(
      `INSERT INTO blueprint_version (kind, name, version, document, applied_at)
       VALUES ('Journey', 'starter', 1, $1::json, now())`,
      [JSON.stringify(starter)],
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM blueprint_version WHERE kind = 'Journey' AND name = 'starter' AND version = 1`)
    await runner.query(`DELETE FROM blueprint WHERE kind = 'Journey' AND name = 'starter'`)
  }
}
