/**
 * Changes that tests make to the facts of a healthy installation.
 * @module
 */
import type { ConnectionFacts, InstallationFacts, ServiceFacts } from '@/operator/doctor/facts'
import type { ActualAction } from '@/operator/shared/actual'
import { DESIRED } from '../shared/a-tenant'

/** Names of the secrets that the Action needs. */
export const NEEDED = DESIRED.action.secrets.map(({ name }) => name)

/** Changes facts about the service. */
export const service = (change: Partial<ServiceFacts>) => (facts: InstallationFacts) => {
  if (facts.service) Object.assign(facts.service, change)
}
/** Changes the application with an id. */
export const client = (id: string, change: object) => (facts: InstallationFacts) => {
  Object.assign(facts.clients?.find((each) => each.client_id === id) ?? {}, change)
}
/** Changes the Action with an id. */
export const action = (id: string, change: Partial<ActualAction>) => (facts: InstallationFacts) => {
  Object.assign(facts.actions?.find((each) => each.id === id) ?? {}, change)
}
/** Changes the only connection. */
export const connection = (change: Partial<ConnectionFacts>) => (facts: InstallationFacts) => {
  Object.assign(facts.connections?.[0] ?? {}, change)
}
/** Changes the scopes of the service's own credentials. */
export const granted = (change: (scopes: string[]) => string[]) => (facts: InstallationFacts) => {
  if (facts.granted && 'scopes' in facts.granted) facts.granted.scopes = change(facts.granted.scopes)
}
/** Gives the environment a value for an optional secret of the Action. */
export const told = (name: string, value: string) => (facts: InstallationFacts) => {
  facts.desired.action.secrets.push({ name, value })
  facts.desired.optionalSecretNames.push(name)
}
