/**
 * Rules of a world.
 * @module
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoredRule } from '../model'

/** What a world may say of a Rule. */
export const WorldRule = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1),
  script: z.string().optional(),
  order: z.number().int().optional(),
  enabled: z.boolean().optional(),
  stage: z.enum(['login_success', 'login_failure', 'pre_authorize']).optional(),
})

/** One Rule of a world, before defaults. */
export type WorldRule = z.input<typeof WorldRule>

/**
 * Completes a Rule of a world: it is switched on, unless the world says otherwise.
 *
 * @param rule - As given.
 * @param index - Its place in the world.
 * @see https://auth0.com/docs/api/management/v2/rules/get-rules
 */
export function toStoredRule(rule: WorldRule, index: number): StoredRule {
  const hash = createHash('sha256').update(rule.name).digest('hex')
  return {
    script: 'function (user, context, callback) {\n  callback(null, user, context);\n}',
    order: index + 1,
    enabled: true,
    stage: 'login_success',
    ...rule,
    id: rule.id ?? `rul_${hash.slice(0, 16)}`,
  }
}
