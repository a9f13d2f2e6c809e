import type { ActualAction } from '../../shared/actual'
import { fingerprint } from '../../shared/fingerprint'
import { actionVersion, isOurs } from '../../shared/own-action'
import { createFinding, type Finding } from '../catalogue'
import type { DoctorCheck, InstallationFacts } from '../facts'

const RUN_APPLY = 'Run npm run provision -- apply.'
const SHARED_SECRET = 'SESSION_TOKEN_SHARED_SECRET'

/** Whether an Action is the one that this project builds. An Action that was created but has no code yet does not count. */
export const isBuiltHere = (action: ActualAction) => action.code !== '' && isOurs(action)

/** Whether the built Action is deployed and bound, with the secrets it needs. */
export const checkAction: DoctorCheck = ({ actions, bindings, desired, fingerprints }) => {
  if (!actions) return []
  const { name } = desired.action
  const action = actions.find(isBuiltHere)
  if (!action)
    return [createFinding('action_missing', `The tenant has no Action "${name}" of this project.`, RUN_APPLY)]
  const findings: Finding[] = []
  if (!action.isDeployed)
    findings.push(
      createFinding(
        'action_not_deployed',
        `"${action.name}" has changes that are not deployed.`,
        `Deploy "${action.name}".`,
      ),
    )
  if (bindings && !bindings.some(({ actionId }) => actionId === action.id))
    findings.push(
      createFinding('action_not_bound', `"${action.name}" is not in the post-login trigger.`, RUN_APPLY),
    )
  const [built, there] = [fingerprint(desired.action.code), fingerprint(action.code)]
  // Code of another version always differs. `checkVersions` reports that, once for service and Action.
  if (built !== there && actionVersion(desired.action.code) === actionVersion(action.code)) {
    const fix = 'Check out the version that you run, then run npm run provision -- apply.'
    const what = `The Action's code is ${there}, and the code built here is ${built} (first half of the SHA-256).`
    findings.push(createFinding('action_differs', what, fix))
  }
  const missing = desired.action.secrets
    .map((secret) => secret.name)
    .filter((secret) => !desired.optionalSecretNames.includes(secret) && !action.secrets.includes(secret))
  if (missing.length > 0) {
    const what = `"${action.name}" lacks ${missing.join(', ')}.`
    findings.push(createFinding('action_secrets_missing', what, RUN_APPLY))
  }
  return [...findings, ...checkSharedSecret(desired, fingerprints)]
}

/** Auth0 never shows a secret's value, so this compares our value with the fingerprint of the one that `apply` set last. */
function checkSharedSecret(
  { action }: InstallationFacts['desired'],
  { [SHARED_SECRET]: known }: InstallationFacts['fingerprints'],
): Finding[] {
  const here = action.secrets.find(({ name }) => name === SHARED_SECRET)?.value ?? ''
  if (known === undefined) {
    const fix = `Run npm run provision -- apply in the folder that holds .account-linking/, or sign in once as a person with two accounts.`
    return [
      createFinding(
        'action_secret_unproven',
        `It is unknown whether the Action has the same ${SHARED_SECRET}.`,
        fix,
      ),
    ]
  }
  if (known === fingerprint(here)) return []
  const what = `The Action was last given another ${SHARED_SECRET} than the service has.`
  return [
    createFinding(
      'action_secret_differs',
      what,
      `${RUN_APPLY} During a rotation, run npm run provision -- rotate.`,
    ),
  ]
}

/** Whether other Actions in the trigger interfere. */
export const checkTrigger: DoctorCheck = ({ actions, bindings }) => {
  if (!actions || !bindings) return []
  const inOrder = bindings.flatMap(({ actionId }) => actions.filter(({ id }) => id === actionId))
  const ours = inOrder.findIndex(isBuiltHere)
  return inOrder.flatMap(({ name, code }, index) => {
    if (index === ours) return []
    const findings: Finding[] = []
    if (code.includes('setPrimaryUser(')) {
      const fix = `Remove "${name}" from the post-login trigger.`
      findings.push(
        createFinding('other_primary_switch', `The Action "${name}" switches the primary user.`, fix),
      )
    }
    if (code.includes('sendUserTo(')) {
      const fix = `If "${name}" links accounts, remove it from the trigger. Otherwise make sure that a login works if both Actions redirect it.`
      findings.push(createFinding('other_redirect', `The Action "${name}" redirects logins as well.`, fix))
    }
    if (ours >= 0 && index > ours && code.includes('access.deny(')) {
      const fix = `Put "${name}" before the Action for account linking.`
      findings.push(
        createFinding(
          'action_before_denial',
          `The Action "${name}" may refuse a login, and runs after this Action.`,
          fix,
        ),
      )
    }
    return findings
  })
}
