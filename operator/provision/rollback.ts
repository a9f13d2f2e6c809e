/**
 * The steps of a rollback.
 * @module
 */
import { writeEnvFile } from '../shared/env-file'
import type { Tenant } from '../shared/tenant'
import type { Undo } from './plan-rollback'

/**
 * Makes one step of a rollback.
 *
 * @param tenant - The tenant to change.
 * @throws {OperatorError} The errors of `Tenant`. The next `rollback` can undo the rest.
 */
export async function undo(tenant: Tenant, step: Undo): Promise<void> {
  switch (step.kind) {
    case 'unbind_action':
      return tenant.unbind(step.name)
    case 'delete_action':
      return tenant.deleteAction(step.id)
    case 'redeploy_action':
      return tenant.redeployAction(step.id, step.version)
    case 'clear_env':
      return writeEnvFile(step.file, Object.fromEntries(step.names.map((name) => [name, undefined])))
    case 'disable_connection':
      return tenant.setConnectionClients(step.id, step.clients, false)
    case 'delete_grant':
      return tenant.deleteGrant(step.id)
    case 'restore_grant':
      return tenant.updateGrant(step.id, step.scope)
    case 'delete_event_stream':
      return tenant.deleteEventStream(step.id)
    case 'delete_api':
      return tenant.deleteApi(step.id)
    case 'restore_api':
      return tenant.updateApi(step.id, step.fields)
    case 'delete_client':
      return tenant.deleteClient(step.id)
    case 'restore_client':
      return tenant.updateClient(step.id, step.fields)
  }
}

/**
 * Describes a step of a rollback in a short line. `-` means removed, `~` means restored.
 *
 * @param step - A step of a rollback.
 */
export function undoInWords(step: Undo): string {
  switch (step.kind) {
    case 'unbind_action':
      return `- "${step.name}" in the post-login trigger; other Actions stay`
    case 'delete_action':
      return `- Action "${step.name}"`
    case 'redeploy_action':
      return `~ Action "${step.name}": deploys the earlier version again`
    case 'clear_env':
      return `- ${step.names.length} variables in ${step.file}`
    case 'disable_connection':
      return `~ connection ${step.name}: no longer enabled for our applications`
    case 'delete_grant':
      return '- grant of the Management API'
    case 'restore_grant':
      return `~ grant of the Management API: its earlier scopes`
    case 'delete_event_stream':
      return `- event stream to ${step.url}`
    case 'delete_api':
      return `- API ${step.identifier}`
    case 'restore_api':
      return `~ API "${step.name}": ${Object.keys(step.fields).join(', ')} as before`
    case 'delete_client':
      return `- application "${step.name}"`
    case 'restore_client':
      return `~ application "${step.name}": ${Object.keys(step.fields).join(', ')} as before`
  }
}
