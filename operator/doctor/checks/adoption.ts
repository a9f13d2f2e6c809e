import { createFinding, type Finding } from '../catalogue'
import type { DoctorCheck } from '../facts'

const isTaken = (status: number | undefined): boolean => status !== undefined && status >= 200 && status < 300

/** Whether the application that moves its own data at a link accepts what the service signs, and nothing else. */
export const checkAdoption: DoctorCheck = ({ adoption }) => {
  if (!adoption) return []
  const { signed, forged } = adoption
  const findings: Finding[] = []
  if (!isTaken(signed))
    findings.push(
      createFinding(
        'adoption_not_taken',
        signed === undefined
          ? 'ADOPTION_URL does not answer a signed ping within 3 seconds.'
          : `ADOPTION_URL answers ${signed} to a signed ping.`,
        'Look whether the application runs, has the same ADOPTION_SECRET, and answers 2xx to types that it does not know.',
      ),
    )
  if (isTaken(forged))
    findings.push(
      createFinding(
        'adoption_unverified',
        `ADOPTION_URL answers ${forged} to a ping that is signed with another key.`,
        'Verify the signature before anything else, as docs/reference/adoption.md shows.',
      ),
    )
  return findings
}
