/**
 * `/userinfo`.
 * @module
 */
import { userinfoAudience } from '../login/access-token'
import { userClaims } from '../login/user-claims'
import { doorFor, type Endpoint, type TenantParts } from '../tenant-parts'

/**
 * Returns the claims of the user that an access token was issued for.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#UserInfo OpenID Connect Core section 5.3}
 */
export function userinfo(parts: TenantParts): Endpoint {
  return async (context) => {
    const { state } = parts
    const [scheme, token = ''] = context.req.header('authorization')?.split(' ') ?? []
    const audience = userinfoAudience(doorFor(parts, context))
    const payload = await state.signer.verify(token, state.now()).catch(() => undefined)
    const user = [payload?.aud].flat().includes(audience) ? state.users.get(payload?.sub ?? '') : undefined
    if (scheme?.toLowerCase() !== 'bearer' || !user) {
      context.header('www-authenticate', 'Bearer error="invalid_token"')
      return context.text('Unauthorized', 401)
    }
    return context.json({ sub: user.user_id, ...userClaims(user, String(payload?.scope).split(' ')) })
  }
}
