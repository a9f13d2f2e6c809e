/**
 * Steps about accounts' rights: roles, permissions, memberships of organizations, and factors.
 * @module
 */
import { z } from 'zod'
import { LINKING_SCOPES } from '@/local-tenant/world/seed'
import type { WorldUser } from '../../../support/flow/tenant'
import { injected } from '../markup'
import type { Run } from '../run'
import { jar, type Verb, values, verb } from '../verb'

/** An account's rights by kind, in the format of the tenant's world JSON. */
type Held = Record<string, unknown[]>

/** Kim's accounts: the older one has a password and stays, the younger one signs in with Google and ends. */
const KIM = {
  older: { user_id: 'auth0|kim', created_at: '2023-01-01T00:00:00.000Z' },
  younger: { user_id: 'google-oauth2|kim-g', created_at: '2025-01-01T00:00:00.000Z' },
}
const KINDS = ['roles', 'permissions', 'organizations', 'authentication_methods'] as const

export const RIGHTS_VERBS: Record<string, Verb> = {
  /**
   * Resets the tenant, and adds Kim's two accounts with the given rights. The tenant has the roles `editor`, `billing`,
   * `owner` and those of `roles`; the organization `acme`, which allows `connections` (by default Google alone), and
   * those of `organizations`. Ids are `rol_editor`, `org_acme` and so on. Lee holds two permissions, so that these
   * permissions exist.
   */
  kim: verb(
    {
      older: values.optional(),
      younger: values.optional(),
      roles: z.array(values).optional(),
      organizations: z.array(values).optional(),
      connections: z.array(z.string()).optional(),
      options: values.optional(),
    },
    async (run, step) => {
      const { older, younger, roles = [], organizations = [], connections, options } = step
      const { tenant } = run.flow
      const { users } = await tenant.world()
      const names = ['editor', 'billing', 'owner'].map((name) => ({ name }))
      const acme = { name: 'acme', display_name: 'Acme', connections: connections ?? ['google-oauth2'] }
      await tenant.reset({
        users: [
          ...users.map(withoutRights),
          LEE,
          { ...KIM.older, ...PERSON, ...older },
          { ...KIM.younger, ...PERSON, ...younger },
        ],
        roles: [...names, ...roles].map(withId('rol')),
        organizations: [acme, ...organizations].map(withId('org')),
        ...(options && { options }),
      })
      run.values.begun = 0
    },
  ),

  /**
   * Checks that Kim's accounts hold exactly these rights; null means that the account must not exist. Waits up to `within`
   * seconds, for work that the application does after its response.
   */
  'kim holds': verb(
    { older: values.nullable(), younger: values.nullable(), within: z.number().optional() },
    async (run, { older, younger, within = 0 }) => {
      const wanted = JSON.stringify([older, younger].map((held) => held && heldIn(held as Held)))
      const until = Date.now() + within * 1_000
      for (;;) {
        const found = JSON.stringify([
          await heldBy(run, KIM.older.user_id),
          await heldBy(run, KIM.younger.user_id),
        ])
        if (found === wanted) return
        if (Date.now() > until) throw new Error(`they hold ${found} instead of ${wanted}`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
  ),

  /**
   * Checks that an attacker's name, which contains the marker, is only text on the page: no code, no control character,
   * and at most `most` characters in its sentence. A name that is not all ASCII may change the direction of its line, so
   * it must begin with U+2068 (first strong isolate).
   */
  'stays text': verb({ marker: z.string(), most: z.number(), jar }, async (run, { marker, most, jar }) => {
    const { html } = run.page(jar)
    const found = injected(html.toString(), marker)
    if (found) throw new Error(`it became code: ${found}`)
    for (const item of html.querySelectorAll('main li, main p').map(({ text }) => text)) {
      if (!item.includes(marker)) continue
      if (item.length > most) throw new Error(`a sentence of ${item.length} characters`)
      if (/[\p{Cc}\u202a-\u202e\u2066\u2067\u200e\u200f\u2028]/u.test(item.replaceAll('\n', ' ')))
        throw new Error(`a control character in ${JSON.stringify(item)}`)
      if (
        /\P{ASCII}/u.test(item.slice(item.indexOf(marker) - 1).split(/[,.]/)[0] ?? '') &&
        !item.includes(`\u2068${marker}`)
      )
        throw new Error(`not isolated: ${JSON.stringify(item)}`)
    }
  }),

  /** Calls the Management API as an administrator may. */
  manage: verb(
    { method: z.enum(['POST', 'DELETE']), path: z.string(), body: values.optional() },
    async (run, { method, path, body }) => {
      const { demo, tenant } = run.flow
      const scopes = [...LINKING_SCOPES, 'delete:roles', 'delete:organizations']
      const response = await fetch(`${demo.tenant}/api/v2${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await tenant.managementToken(scopes.join(' '))}`,
          'content-type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`the Management API answered ${response.status}`)
    },
  ),
}

const PERSON = { email: 'kim@example.com', email_verified: true, name: 'Kim' }

const API = 'https://api.example.com'
const LEE = {
  user_id: 'auth0|lee',
  email: 'lee@example.com',
  permissions: ['read:things', 'write:things'].map((permission_name) => ({
    resource_server_identifier: API,
    permission_name,
  })),
}

const withId =
  (kind: string) =>
  (one: Record<string, unknown>): object => ({ id: `${kind}_${one.name}`, ...one })

/** Removes a user's rights: the demo's own users hold roles and memberships that this world may lack. */
const withoutRights = (user: WorldUser): object =>
  Object.fromEntries(Object.entries(user).filter(([name]) => !KINDS.some((kind) => kind === name)))

async function heldBy(run: Run, id: string): Promise<Held | null> {
  const user = (await run.flow.tenant.user(id)) as (WorldUser & Held) | undefined
  return user ? heldIn(user) : null
}

/** An account's rights by kind, sorted. Of authentication methods, only the types. */
function heldIn(user: Held): Held {
  const kinds = KINDS.map((kind) => {
    const all = (user[kind] ?? []).map((one) =>
      kind === 'authentication_methods' ? Object(one).type : inOrder(one),
    )
    return [kind, all.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))] as const
  })
  return Object.fromEntries(kinds.filter(([, all]) => all.length > 0))
}

function inOrder(one: unknown): unknown {
  if (typeof one !== 'object' || one === null) return one
  const { roles = [], ...rest } = one as { roles?: string[] }
  return Object.fromEntries(
    Object.entries({ ...rest, ...(roles.length > 0 && { roles: roles.toSorted() }) }).sort(),
  )
}
