/** A complete environment for the application. Its secrets pass every check and are used nowhere else. */
export const APP_ENVIRONMENT: Record<string, string> = {
  APP_BASE_URL: 'http://localhost:3000',
  AUTH0_DOMAIN: 'http://localhost:4400',
  AUTH0_MANAGEMENT_DOMAIN: 'https://localhost:4401',
  AUTH0_CLIENT_ID: 'demo-app',
  AUTH0_CLIENT_SECRET: 'app-client-secret-0123456789abcdef',
  AUTH0_SECRET: 'session-secret-0123456789abcdef0123',
  LINKING_CLIENT_ID: 'linking',
  LINKING_CLIENT_SECRET: 'linking-client-secret-0123456789ab',
  MANAGEMENT_API_CLIENT_ID: 'linking-m2m',
  MANAGEMENT_API_CLIENT_SECRET: 'management-secret-0123456789abcdef',
  SESSION_TOKEN_SHARED_SECRET: 'shared-secret-0123456789abcdef01234',
  FLOW_SECRET: 'flow-secret-0123456789abcdef0123456',
  BRAND_NAME: 'Example Inc',
  // These variables set the whole brand, so that no test reads the tenant's.
  BRAND_LOGO: 'data:image/gif;base64,R0lGODlhAQABAAAAADs=',
  BRAND_COLOR: '#1f4e79',
  SUPPORT_URL: 'https://example.com/help',
  RESTART_URL: 'https://example.com/login',
}
