/** Settings that an administrator of Auth0's Account Link Extension may have saved, as its `GET /admin/settings` answers. */
export const SETTINGS = {
  template: '<!doctype html><body>{{ Auth0Widget }}</body>',
  locale: 'fr',
  title: 'Example Company',
  color: '#0b5d4e',
  logoPath: 'https://cdn.example.com/logo.png?signature=private',
  removeOverlay: false,
  customDomain: 'login.example.com',
  availableLocales: [
    { code: 'en', name: 'English' },
    { code: 'fr', name: 'French' },
  ],
}

/** A response of the extension to `GET /admin/locales`. */
export const LOCALES = {
  en: { _name: 'English', introduction: 'Two accounts of yours.', or: 'or' },
  ca: { _name: 'Catalan (Custom)', introduction: 'Two accounts, translated.', or: 'or' },
}
