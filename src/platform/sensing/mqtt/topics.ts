const READINGS = /^devices\/([^/+#]{1,128})\/readings$/;

/** Where a device publishes; its id is in the topic, as one level. */
export const READINGS_FILTER = 'devices/+/readings';
export const readingsTopic = (device: string) => `devices/${device}/readings`;
export const commandsTopic = (device: string) => `devices/${device}/commands`;

/** The device that a topic of readings names, or undefined where the topic is another. */
export const deviceOf = (topic: string): string | undefined => READINGS.exec(topic)?.[1];
