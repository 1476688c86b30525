/** What may be shown and written into a log: a URI without its password (clause 7.2). */
export const shownUri = (uri: string): string => {
  if (!/^mqtts?:/i.test(uri) || !URL.canParse(uri)) return uri;
  const url = new URL(uri);
  if (!url.password) return uri;
  url.password = '';
  return url.href;
};

export const isMqtt = (uri: string): boolean => /^mqtts?:/i.test(uri);

export type MqttAddress = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly topic: string;
  readonly username?: string;
  readonly password?: string;
};

const PORT = 1_883;
const PORT_SECURE = 8_883;
/** MQTT 5, section 1.5.4: the length of a string takes two bytes. */
const TOPIC_BYTES_MAX = 65_535;

/** mqtt[s]://[username][:password]@host[:port]/topic[/subtopic]* (clause 7.2), or the reason why it is none. */
export const parseMqttUri = (uri: string): MqttAddress | string => {
  if (!isMqtt(uri) || !URL.canParse(uri)) return 'is not an MQTT address';
  const url = new URL(uri);
  const { protocol, hostname, port, pathname, username, password, search, hash } = url;
  if (!hostname) return 'names no host';
  if (search || hash) return 'ends with its topic';
  try {
    const topic = decodeURIComponent(pathname.slice(1));
    if (topic === '') return 'names no topic';
    if (/[+#\0]/.test(topic)) return 'names a topic that nobody can publish to';
    if (Buffer.byteLength(topic) > TOPIC_BYTES_MAX) return 'names too long a topic';
    const secure = protocol === 'mqtts:';
    return {
      secure,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port ? Number(port) : secure ? PORT_SECURE : PORT,
      topic,
      ...(username ? { username: decodeURIComponent(username) } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
    };
  } catch {
    return 'is not percent-encoded';
  }
};

type Pair = { readonly key: string; readonly value: string };
export type MqttSettings = { readonly version: 4 | 5; readonly qos: 0 | 1 | 2 };

const VERSIONS: Readonly<Record<string, 4 | 5>> = { 'mqtt3.1.1': 4, 'mqtt5.0': 5 };
const QOS: Readonly<Record<string, 0 | 1 | 2>> = { '0': 0, '1': 1, '2': 2 };

/** Table 7.2-1, or the reason why the notifierInfo is none. */
export const parseNotifierInfo = (pairs: readonly Pair[] = []): MqttSettings | string => {
  const settings: { version: 4 | 5; qos: 0 | 1 | 2 } = { version: 5, qos: 0 };
  for (const { key, value } of pairs)
    if (key === 'MQTT-Version') {
      const version = VERSIONS[value];
      if (!version) return 'MQTT-Version is mqtt3.1.1 or mqtt5.0';
      settings.version = version;
    } else if (key === 'MQTT-QoS') {
      const qos = QOS[value];
      if (qos === undefined) return 'MQTT-QoS is 0, 1 or 2';
      settings.qos = qos;
    }
  return settings;
};
