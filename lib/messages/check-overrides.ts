import 'server-only'
import english from '../../messages/en.json'
import type { MessageOverrides } from '../config/message-overrides'
import { sentenceProblems } from './check-sentence'
import { LANGUAGES } from './load-messages'
import { keysOf, sentenceAt } from './sentence-keys'

/**
 * Lists the problems of the operator's own sentences. Each must have a key of `en.json` and the tag of a language that we have,
 * and must be valid and have the same arguments as the English sentence.
 *
 * @returns One line for each problem, without the sentence's text: `de.prompt.details lacks the argument {days}`.
 */
export function overrideProblems(overrides: MessageOverrides): string[] {
  return Object.entries(overrides).flatMap(([tag, tree]) => {
    if (!LANGUAGES.some((each) => each === tag)) return [`${tag} is no language that there is`]
    return keysOf(tree).flatMap((key) => {
      const [text, original] = [sentenceAt(tree, key), sentenceAt(english, key)]
      const problems =
        typeof text === 'string' && typeof original === 'string'
          ? sentenceProblems(text, original)
          : ['is no sentence of messages/en.json']
      return problems.map((problem) => `${tag}.${key} ${problem}`)
    })
  })
}
