import { theme, type ThemeConfig } from 'antd';
import { CODE_STACK, FONT_STACK } from './fonts.ts';
import { palettes, type Scheme } from './palette.ts';

/** Ant Design's theme from our palette. */
export function antdTheme(scheme: Scheme): ThemeConfig {
  const p = palettes[scheme];
  return {
    algorithm: scheme === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      fontFamily: FONT_STACK,
      fontFamilyCode: CODE_STACK,
      fontSize: 14,
      borderRadius: 6,
      colorPrimary: p.accent,
      colorPrimaryHover: p.accentHover,
      colorPrimaryBg: p.wash,
      colorLink: p.link,
      colorLinkHover: p.link,
      colorInfo: p.tone.notice.text,
      colorSuccess: p.tone.ok.text,
      colorWarning: p.tone.warn.text,
      colorError: p.tone.alarm.text,
      colorErrorText: p.tone.alarm.text,
      colorText: p.text,
      colorTextSecondary: p.soft,
      colorTextTertiary: p.soft,
      colorTextDescription: p.soft,
      colorTextPlaceholder: p.soft,
      colorBgLayout: p.page,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorBorder: p.control,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      boxShadowSecondary: '0 4px 16px rgb(0 0 0 / 16%)',
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      Button: {
        defaultHoverColor: p.link,
        defaultHoverBorderColor: p.link,
        defaultActiveColor: p.link,
        defaultActiveBorderColor: p.link,
      },
      Select: { optionSelectedColor: p.text, activeBorderColor: p.link, hoverBorderColor: p.link },
      Input: { activeBorderColor: p.link, hoverBorderColor: p.link },
      InputNumber: { activeBorderColor: p.link, hoverBorderColor: p.link },
      Table: { headerBg: p.sunken, rowHoverBg: p.wash, headerSplitColor: 'transparent' },
      Menu: { itemSelectedColor: p.link, itemSelectedBg: p.wash, itemBg: 'transparent' },
      Segmented: { trackBg: p.sunken, itemSelectedBg: p.raised, itemColor: p.soft },
      Tabs: { itemSelectedColor: p.link, itemHoverColor: p.link, inkBarColor: p.link },
      Pagination: { itemActiveColor: p.link, itemActiveColorHover: p.link },
    },
  };
}
