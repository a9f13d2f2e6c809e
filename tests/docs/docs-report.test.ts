import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { repeatedIn, wordsIn } from '@/scripts/docs-report.mjs'

const SENTENCE = 'The Action reads both users again before it links them.'
const ROW = '| `linked` | the person agreed, and the Action linked both accounts |'

describe('node scripts/docs-report.mjs', () => {
  it('finds no sentence and no row in two places', () => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/docs-report.mjs'], { encoding: 'utf8' })
    expect([status, stdout.trim().split('\n').at(-1)]).toEqual([0, '0 sentences or rows stand twice'])
  })

  it.each([
    [
      'a sentence, whatever is around it and how its lines break',
      `One. ${SENTENCE}`,
      SENTENCE.replace('both', '\nboth'),
    ],
    ['a sentence with other marks', SENTENCE, `- **${SENTENCE}** More.`],
    ['a row of a table', `| a | b |\n| --- | --- |\n${ROW}\n`, ROW.replaceAll('`', '')],
    ['a sentence that stands twice on one page', `${SENTENCE}\n\n${SENTENCE}`, ''],
  ])('finds %s', (_what, first, second) => {
    const repeated = repeatedIn([
      { path: 'a.md', text: first },
      { path: 'b.md', text: second },
    ])
    expect(repeated).toHaveLength(1)
    expect(repeated[0]?.paths).toHaveLength(2)
  })

  it.each([
    ['short', 'It is so.', 'It is so.'],
    ['in a block of code', `\`\`\`sh\n${SENTENCE}\n\`\`\``, SENTENCE],
    ['written from the code', `<!-- written from a -->\n${ROW}\n<!-- end -->`, ROW],
    ['worded otherwise', SENTENCE, SENTENCE.replace('both users', 'one user')],
  ])('ignores repeated text that is %s', (_what, first, second) => {
    const documents = [
      { path: 'a.md', text: first },
      { path: 'b.md', text: second },
    ]
    expect(repeatedIn(documents)).toEqual([])
  })

  it('counts words, but no punctuation, code blocks or tables that are written from the code', () => {
    const text = `| two | words |\n\n\`\`\`sh\nnpm test\n\`\`\`\n\n<!-- written from a -->\n${ROW}\n<!-- end -->\n`
    expect(wordsIn(text)).toBe(2)
  })
})
