import BulbOutlined from '@ant-design/icons/BulbOutlined';
import MoonOutlined from '@ant-design/icons/MoonOutlined';
import SunOutlined from '@ant-design/icons/SunOutlined';
import { Button, Dropdown } from 'antd';
import { setLanguage, useLanguage, useScheme, type SchemeChoice } from '#platform/ui/web';
import { houseWords } from '../words.ts';

/** Shows the other language's name, and changes to it. */
export function LanguageSwitch() {
  const say = houseWords.useText();
  const other = useLanguage() === 'en' ? 'zh-CN' : 'en';
  return (
    <Button
      type="text"
      className="sj-tool"
      lang={other}
      title={say(other === 'en' ? 'toEnglish' : 'toChinese')}
      onClick={() => setLanguage(other)}
    >
      {say(other === 'en' ? 'english' : 'chinese')}
    </Button>
  );
}

const CHOICES = [
  { key: 'light', text: 'schemeLight', icon: <SunOutlined /> },
  { key: 'dark', text: 'schemeDark', icon: <MoonOutlined /> },
  { key: 'system', text: 'schemeSystem', icon: <BulbOutlined /> },
] as const;

/** Light, dark, or as the system says. */
export function SchemeSwitch() {
  const say = houseWords.useText();
  const { choice, choose } = useScheme();
  const now = CHOICES.find(({ key }) => key === choice)!;
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [choice],
        items: CHOICES.map(({ key, text, icon }) => ({ key, icon, label: say(text) })),
        onClick: ({ key }) => choose(key as SchemeChoice),
      }}
    >
      <Button
        type="text"
        className="sj-tool"
        icon={now.icon}
        title={say('scheme')}
        aria-label={`${say('scheme')}: ${say(now.text)}`}
        aria-haspopup="menu"
      />
    </Dropdown>
  );
}
