/**
 * Everything that the benchmark needs: application, Action and tenant, and the empty application they are compared with.
 * @module
 */
import { SignJWT } from 'jose'
import type { Demo } from '../../../scripts/lib/demo-world.mjs'
import { startFlowDemo } from '../../support/flow/demo'
import { Flow, GOOGLE_ANN, PASSWORD_ANN } from '../../support/flow/flow'
import { newProbe, type Probe } from './probe'
import { buildFloor, type Floor } from './servers'

/** A running demo with a measured application. */
export interface Stage {
  flow: Flow
  demo: Demo
  probe: Probe
  floor: Floor
  /** Addresses of `/link`, each with a token of a different login and person. */
  newLinks: (count: number, claims?: object) => Promise<string[]>
}

/** Starts a demo on free ports, and ends it after the work. */
export async function onStage<Result>(work: (stage: Stage) => Promise<Result>): Promise<Result> {
  const floor = await buildFloor()
  const probe = await newProbe()
  const demo = await startFlowDemo({ env: probe.env })
  try {
    return await work({ flow: new Flow(demo), demo, probe, floor, newLinks: linksOf(demo) })
  } finally {
    await demo.close()
  }
}

function linksOf({ app, tls, env }: Demo): Stage['newLinks'] {
  const key = new TextEncoder().encode(env.SESSION_TOKEN_SHARED_SECRET)
  const sign = (payload: Record<string, unknown>) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key)
  return async (count, claims) => {
    const now = Math.floor(Date.now() / 1000)
    const links: string[] = []
    for (let index = 0; index < count; index += 1) {
      const sub = `google-oauth2|${crypto.randomUUID()}`
      const token = await sign({
        sub,
        iss: new URL(tls).host,
        iat: now,
        exp: now + 600,
        purpose: 'account-link.request',
        jti: crypto.randomUUID(),
        txn: crypto.randomUUID(),
        email: 'ann@example.com',
        client_id: 'demo-other',
        client_name: 'Other Company',
        current_identity: { ...GOOGLE_ANN, user_id: sub },
        candidate_identities: [{ ...PASSWORD_ANN, stays: 'candidate', carried: 1 }],
        ...claims,
      })
      links.push(`${app}/link?session_token=${token}&state=${crypto.randomUUID()}`)
    }
    return links
  }
}
