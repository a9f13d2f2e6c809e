/**
 * An operator's rule, which selects the pairs for a plan.
 * @module
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { emailKey, isNamed, type LinkingUser, parseListEntry } from '../../../core'
import { MAX_DECIDED_ACCOUNTS } from '../../../core/bulk/decide-group'
import { DuplicatesError } from '../error'

const Connections = z
  .array(
    z.string().refine((entry) => ['provider', 'connection'].includes(parseListEntry(entry).kind), {
      message: 'must be a strategy of Auth0, or strategy:connection',
    }),
  )
  .min(1)

/** The content of `--rule FILE`. It cannot require verified email addresses, because both always have to be verified. */
export const PlanRule = z.strictObject({
  /** Connections of the primary account (`stays`), and of the secondary one (`ends`). */
  connections: z.strictObject({ stays: Connections, ends: Connections }),
  /** Domains of the email addresses: the part after the `@`. */
  domains: z
    .array(
      z
        .string()
        .regex(/^[^@\s]+$/)
        .toLowerCase(),
    )
    .min(1)
    .optional(),
  /** Email addresses with more accounts than this are left out. */
  most_accounts: z.number().int().min(2).max(MAX_DECIDED_ACCOUNTS).default(2),
  /** Both accounts must have been created before this day or time. */
  created_before: z.union([z.iso.date(), z.iso.datetime()]).optional(),
  /** The operator's reason to believe that two such accounts belong to one person. */
  because: z.string().trim().min(1),
})

/** @see {@link PlanRule} */
export type PlanRule = z.output<typeof PlanRule>

/**
 * Reads a rule.
 *
 * @throws {DuplicatesError} `bad_rule` with the field, `file_unreadable`.
 */
export function readRule(path: string): PlanRule {
  const { data, error } = PlanRule.safeParse(parse(readText(path)))
  const [issue] = error?.issues ?? []
  if (data) return data
  throw new DuplicatesError('bad_rule', `${issue?.path.join('.') || 'The rule'}: ${issue?.message}.`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new DuplicatesError('file_unreadable', `${path}: ${Object(error).code}`, { cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DuplicatesError('bad_rule', 'The file is no JSON.')
  }
}

/**
 * Whether a rule applies to an email address.
 *
 * @param size - How many accounts have this email address.
 */
export function isAboutAddress(
  { domains, most_accounts: most }: PlanRule,
  email: unknown,
  size: number,
): boolean {
  const domain = emailKey(email).split('@').at(-1) ?? ''
  return size <= most && (!domains || domains.includes(domain))
}

/** Whether a rule applies to an account, as primary or as secondary account. */
export function isAboutAccount(
  { connections, created_before: before }: PlanRule,
  user: LinkingUser,
): boolean {
  const isOld = !before || Date.parse(user.created_at ?? '') < Date.parse(before)
  return isOld && [connections.stays, connections.ends].some((list) => isOf(user, list))
}

/** Whether a rule names a pair with these roles: `stays` as primary, `ends` as secondary account. */
export const namesPair = ({ connections }: PlanRule, stays: LinkingUser, ends: LinkingUser): boolean =>
  isOf(stays, connections.stays) && isOf(ends, connections.ends)

/** Whether a list names the connection of an account's first identity, from which its email address comes. */
const isOf = ({ identities: [own] }: LinkingUser, list: string[]): boolean =>
  own !== undefined && isNamed(own, list)
