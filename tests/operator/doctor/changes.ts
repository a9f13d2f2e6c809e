/**
 * What a test does to the facts of a healthy installation.
 * @module
 */
import type { ConnectionFacts, Facts, ServiceFacts } from '@/operator/doctor/facts'
import type { ActualAction } from '@/operator/shared/actual'
import { DESIRED } from '../shared/a-tenant'

/** Names of the secrets that the Action cannot do without. */
export const NEEDED = DESIRED.action.secrets.map(({ name }) => name)

/** Changes what is known of the service. */
export const service = (change: Partial<ServiceFacts>) => (facts: Facts) => {
  if (facts.service) Object.assign(facts.service, change)
}
/** Changes an application, known by its id. */
export const client = (id: string, change: object) => (facts: Facts) => {
  Object.assign(facts.clients?.find((each) => each.client_id === id) ?? {}, change)
}
/** Changes an Action, known by its id. */
export const action = (id: string, change: Partial<ActualAction>) => (facts: Facts) => {
  Object.assign(facts.actions?.find((each) => each.id === id) ?? {}, change)
}
/** Changes the one connection there is. */
export const connection = (change: Partial<ConnectionFacts>) => (facts: Facts) => {
  Object.assign(facts.connections?.[0] ?? {}, change)
}
/** Changes the scopes of the service's own credentials. */
export const granted = (change: (scopes: string[]) => string[]) => (facts: Facts) => {
  if (facts.granted && 'scopes' in facts.granted) facts.granted.scopes = change(facts.granted.scopes)
}
/** The environment has a value for a secret of the Action that may be left out. */
export const told = (name: string, value: string) => (facts: Facts) => {
  facts.desired.action.secrets.push({ name, value })
  facts.desired.further.push(name)
}
