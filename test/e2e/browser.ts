import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import bundled from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PATIENCE_MS = 30_000; // a machine with two busy cores
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Drawing without a graphics card, and nothing said to the outside. */
const QUIET = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium (or the one that CHROMIUM names), else the one that comes with the packages. */
export const openBrowser = async (): Promise<Browser> => {
  const own = process.env['CHROMIUM'] ?? SYSTEM.find((path) => existsSync(path));
  return chromium.launch({
    executablePath: own ?? (await bundled.executablePath()),
    args: own ? QUIET : [...bundled.args, ...QUIET],
  });
};

export type Sight = {
  readonly language?: 'zh-CN' | 'en';
  readonly scheme?: 'light' | 'dark';
  /** 1440 is a desk, 390 a phone. */
  readonly width?: number;
};

/** A page of a person of their own; `faults` gathers what the browser complained of. */
export const openPage = async (
  browser: Browser,
  address: string,
  { language = 'zh-CN', scheme = 'light', width = 1440 }: Sight = {},
): Promise<Page & { readonly faults: string[] }> => {
  const context = await browser.newContext({
    baseURL: address,
    locale: language,
    colorScheme: scheme,
    reducedMotion: 'reduce', // nothing is judged halfway between two colours
    viewport: { width, height: 900 },
    bypassCSP: true, // for axe-core, which is put into the page
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return Object.assign(page, { faults });
};

type Violation = {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
};
type Axe = { readonly run: () => Promise<{ readonly violations: readonly Violation[] }> };

const LOOKS_MAX = 3;
const FADE_MS = 700;

/** Holds the page to axe-core, and to its window: nothing stands out sideways. */
export const expectWellMade = async (page: Page): Promise<void> => {
  await page.addScriptTag({ path: AXE });
  const look = () =>
    page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const { violations } = await axe.run();
      const said = ({ html, failureSummary }: Violation['nodes'][number]) =>
        `${html} (${failureSummary})`;
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(said).join(' ')}`);
    });
  // A button that fades to its colour has none worth judging yet: only what stays is a fault.
  let found = await look();
  for (let n = 1; n < LOOKS_MAX && found.length > 0; n++) {
    await page.waitForTimeout(FADE_MS);
    found = await look();
  }
  expect(found).toEqual([]);
  const [wide, window] = await page.evaluate(() => {
    const { document, innerWidth } = globalThis as unknown as {
      document: { documentElement: { scrollWidth: number } };
      innerWidth: number;
    };
    return [document.documentElement.scrollWidth, innerWidth] as const;
  });
  expect(wide).toBeLessThanOrEqual(window);
};
