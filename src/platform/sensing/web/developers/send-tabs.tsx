import { Tabs } from 'antd';
import { CodeBlock } from '#platform/ui/web';
import { curl, javascript, mosquitto, python, type Trial } from './snippets.ts';
import { developersWords } from './words.ts';

/** The same reading by four ways. */
export function SendTabs({ trial, mqttPort }: { trial: Trial; mqttPort: number | undefined }) {
  const say = developersWords.useText();
  const ways = [
    { key: 'curl', code: curl(trial), hint: say('secretHint') },
    {
      key: 'mqtt',
      code: mqttPort === undefined ? undefined : mosquitto(trial, mqttPort),
      hint: say(mqttPort === undefined ? 'mqttNone' : 'mqttHint'),
    },
    { key: 'python', code: python(trial), hint: say('pythonHint') },
    { key: 'javascript', code: javascript(trial), hint: say('javascriptHint') },
  ] as const;
  return (
    <Tabs
      size="small"
      items={ways.map(({ key, code, hint }) => ({
        key,
        label: say(key),
        children: (
          <div className="sj-dev-way">
            {code && <CodeBlock code={code} label={`${say('sendLabel')}: ${say(key)}`} />}
            <small className="sj-soft">{hint}</small>
          </div>
        ),
      }))}
    />
  );
}
