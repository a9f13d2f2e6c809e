/**
 * The inspector's section on changes since the last reset.
 * @module
 */
import { html } from 'hono/html'
import type { LedgerEntry } from '../control/records'
import type { StoredUser } from '../model'
import type { TenantState } from '../state'
import { type Markup, userCard } from './inspector-user'

/** Lists the changes in order, then shows each user that gained or lost an identity, before and after. */
export function changes(state: TenantState): Markup {
  const changed = state.ledger.filter(({ effect }) => effect !== null)
  if (changed.length === 0) return html`<p>Nothing yet: every account stands alone, as seeded.</p>`
  return html`<ol>
      ${changed.map((call) => html`<li><strong>${call.effect}</strong> ${sentence(call)}</li>`)}
    </ol>
    ${[...state.users.values()].map((user) => comparison(state.usersAtReset, user))}`
}

function comparison(usersBefore: StoredUser[], user: StoredUser): Markup | string {
  const ids = idsOf(user)
  const before = usersBefore.filter((each) => idsOf(each).some((id) => ids.includes(id)))
  const isSame = before.length === 1 && before[0]?.identities.length === ids.length
  if (isSame || before.length === 0) return ''
  return html`<h3>${user.email ?? user.user_id}</h3>
    <div class="comparison">
      <div>
        <h4>Before</h4>
        ${before.map((each) => userCard(each, 'h5'))}
      </div>
      <div>
        <h4>After</h4>
        ${userCard(user, 'h5')}
      </div>
    </div>`
}

function idsOf(user: StoredUser): string[] {
  return user.identities.map(({ provider, user_id }) => `${provider}|${user_id}`)
}

/** Says what a request changed, using the ids in its path and body. */
function sentence({ effect, path, body, client_id }: LedgerEntry): string {
  const parts = path.split('/').map(decodeURIComponent)
  const [, , , , user = 'a new user', , provider = '', id = ''] = parts
  const by = client_id === null ? '' : `, by ${client_id}`
  const rightsChange = describeRightsChange(parts, body)
  if (rightsChange !== undefined) return `${rightsChange}${by}`
  if (effect === 'link') return `${namedIn(body)} into ${user}${by}`
  if (effect === 'unlink') return `${provider}|${id} from ${user}${by}`
  return `${user}${by}`
}

/**
 * Describes a change of roles, permissions, organization members or authentication methods: what changed, of which account
 * or organization, and the request's body. Returns undefined for other changes.
 */
function describeRightsChange(
  [, , , resource, id, kind, member]: string[],
  body: unknown,
): string | undefined {
  const sent = body === null ? '' : `: ${JSON.stringify(body)}`
  if (resource === 'organizations' && kind === 'members')
    return member === undefined ? `members of ${id}${sent}` : `roles of ${member} in ${id}${sent}`
  const kinds = ['roles', 'permissions', 'authentication-methods']
  if (resource === 'users' && kinds.includes(kind ?? '')) return `${kind} of ${id}${sent}`
  return undefined
}

function namedIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('provider' in body && 'user_id' in body)) {
    return 'the account of an ID token'
  }
  const prefix = `${body.provider}|`
  return `${body.user_id}`.startsWith(prefix) ? `${body.user_id}` : `${prefix}${body.user_id}`
}
