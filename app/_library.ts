import 'server-only'
import { keepJobsWith, type Library } from '@/lib/jobs/library'

/** Imports BullMQ. It becomes part of every serverless function that imports this file, so `/link` must not. */
export const loadBullmq = (): Promise<Library> => import('bullmq')

keepJobsWith(loadBullmq)
