/** Light or dark, as shown. */
export type Scheme = 'light' | 'dark';

/** States that colour alone never tells: each is shown with its word. */
export type Tone = 'ok' | 'notice' | 'warn' | 'alarm' | 'quiet';

export type Palette = {
  readonly page: string;
  readonly surface: string;
  readonly raised: string;
  readonly sunken: string;
  readonly line: string;
  readonly control: string;
  readonly text: string;
  readonly soft: string;
  /** Accent for fills that carry white text. */
  readonly accent: string;
  readonly accentHover: string;
  /** Accent for text and icons on page and surface. */
  readonly link: string;
  readonly wash: string;
  readonly focus: string;
  readonly tone: Readonly<Record<Tone, { readonly text: string; readonly back: string }>>;
  readonly map: {
    readonly water: string;
    readonly land: string;
    readonly edge: string;
    readonly road: string;
    readonly label: string;
    readonly halo: string;
  };
  /** Series of a chart, told apart in both schemes and by most colour-blind eyes. */
  readonly series: readonly string[];
};

const light: Palette = {
  page: '#f3f6f6',
  surface: '#ffffff',
  raised: '#ffffff',
  sunken: '#eef3f3',
  line: '#d5dfe1',
  control: '#7c8f95',
  text: '#16262b',
  soft: '#4a5f66',
  accent: '#0f6b77',
  accentHover: '#0b5560',
  link: '#0b6470',
  wash: '#e0f0f1',
  focus: '#0b6470',
  tone: {
    ok: { text: '#17663a', back: '#e3f3e8' },
    notice: { text: '#1d5a92', back: '#e4eff9' },
    warn: { text: '#7a4d00', back: '#fbf0d6' },
    alarm: { text: '#a32626', back: '#fbe6e4' },
    quiet: { text: '#4a5f66', back: '#e8eeef' },
  },
  map: {
    water: '#cfe0e6',
    land: '#f4f5f0',
    edge: '#8fa6ab',
    road: '#dcdfd8',
    label: '#33484f',
    halo: '#ffffff',
  },
  series: ['#0f6b77', '#c0661a', '#5a55a8', '#2f7d46', '#a8325e', '#6b6f1d'],
};

const dark: Palette = {
  page: '#0c1315',
  surface: '#121b1e',
  raised: '#18252a',
  sunken: '#0f181b',
  line: '#2a3a40',
  control: '#6f858c',
  text: '#e3ecee',
  soft: '#a2b5bb',
  accent: '#157986',
  accentHover: '#106370',
  link: '#63c5d0',
  wash: '#12333a',
  focus: '#63c5d0',
  tone: {
    ok: { text: '#7bd39a', back: '#143022' },
    notice: { text: '#8dc0f0', back: '#14293d' },
    warn: { text: '#e9bd5f', back: '#362a10' },
    alarm: { text: '#f59a92', back: '#3f1b1a' },
    quiet: { text: '#a2b5bb', back: '#1f2c31' },
  },
  map: {
    water: '#0b1b22',
    land: '#16211f',
    edge: '#4b6268',
    road: '#24302f',
    label: '#c4d3d7',
    halo: '#0c1315',
  },
  series: ['#4fb8c4', '#e79a55', '#a39ef0', '#74c58c', '#ef8fb0', '#c9cc6a'],
};

/** All colours of the house. `palette.test.ts` holds every pair of text and ground to WCAG AA. */
export const palettes: Readonly<Record<Scheme, Palette>> = { light, dark };
