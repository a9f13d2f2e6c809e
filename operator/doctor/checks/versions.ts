import { actionVersion } from '../../shared/own-action'
import { createFinding, type Finding } from '../catalogue'
import type { DoctorCheck } from '../facts'
import { isBuiltHere } from './action'

/** Whether the service, the Action and this command have the same version. */
export const checkVersions: DoctorCheck = ({ config, service, actions, desired }): Finding[] => {
  const here = actionVersion(desired.action.code)
  const action = actions?.find(isBuiltHere)
  const known = [
    ...(service ? [{ what: `the service at ${config.appBaseUrl}`, version: service.version }] : []),
    ...(action ? [{ what: 'the Action', version: actionVersion(action.code) }] : []),
  ]
  const others = known.filter(({ version }) => version !== here)
  if (others.length === 0) return []
  const words = others.map(({ what, version }) => `${what} is ${version ?? 'older than 0.2.0'}`)
  const what = `This command has version ${here}, but ${words.join(', and ')}.`
  const fix =
    'Check out the version that you want, deploy the service, then run npm run provision -- apply. See docs/upgrade.md.'
  return [createFinding('version_differs', what, fix)]
}
