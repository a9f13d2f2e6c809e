/**
 * The event stream from which the service learns of links and unlinks that others make.
 * @module
 */

/** The events that the stream needs. */
export const STREAM_EVENTS = ['user.updated', 'user.deleted'] as const

/**
 * The URL that the stream leads to.
 *
 * @param app - The service's address.
 */
export const streamUrl = (app: string): string => `${app}/auth0-events`
