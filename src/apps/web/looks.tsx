import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useMemo, type ReactNode } from 'react';
import { antdTheme, ToastProvider, useLanguage, useScheme } from '#platform/ui/web';

/** Gives Ant Design the language and the scheme shown. */
export function Looks({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const { scheme } = useScheme();
  const theme = useMemo(() => antdTheme(scheme), [scheme]);
  return (
    <ConfigProvider
      theme={theme}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      <ToastProvider>{children}</ToastProvider>
    </ConfigProvider>
  );
}
