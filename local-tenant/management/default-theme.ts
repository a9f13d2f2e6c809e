import type { WorldBrand } from '../world/brand'

/**
 * Returns the default theme as the Management API shows it: the values that Auth0 starts a theme with, overridden by those
 * of the world JSON.
 *
 * @see https://auth0.com/docs/customize/login-pages/universal-login/customize-themes
 */
export function defaultTheme({ colors, page_background, widget }: NonNullable<WorldBrand['theme']>) {
  return {
    themeId: 'local_default_theme',
    displayName: 'Default theme',
    borders: {
      button_border_radius: 3,
      button_border_weight: 1,
      buttons_style: 'rounded',
      input_border_radius: 3,
      input_border_weight: 1,
      inputs_style: 'rounded',
      show_widget_shadow: true,
      widget_border_weight: 0,
      widget_corner_radius: 5,
    },
    colors: {
      primary_button: '#635dff',
      primary_button_label: '#ffffff',
      secondary_button_border: '#c9cace',
      secondary_button_label: '#1e212a',
      links_focused_components: '#635dff',
      base_focus_color: '#635dff',
      base_hover_color: '#000000',
      header: '#1e212a',
      body_text: '#1e212a',
      icons: '#65676e',
      input_background: '#ffffff',
      input_border: '#c9cace',
      input_filled_text: '#000000',
      input_labels_placeholders: '#65676e',
      widget_background: '#ffffff',
      widget_border: '#c9cace',
      error: '#d03c38',
      success: '#13a688',
      ...colors,
    },
    fonts: {
      font_url: '',
      reference_text_size: 16,
      links_style: 'normal',
      title: { bold: false, size: 150 },
      subtitle: { bold: false, size: 87.5 },
      body_text: { bold: false, size: 87.5 },
      buttons_text: { bold: false, size: 100 },
      input_labels: { bold: false, size: 100 },
      links: { bold: true, size: 87.5 },
    },
    page_background: {
      background_color: '#000000',
      background_image_url: '',
      page_layout: 'center',
      ...page_background,
    },
    widget: {
      header_text_alignment: 'center',
      logo_height: 52,
      logo_position: 'center',
      logo_url: '',
      social_buttons_layout: 'bottom',
      ...widget,
    },
  }
}
