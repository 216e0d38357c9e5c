import type { PageId } from '../pages.ts';

/** Drawn on a grid of 16, in lines of the text's own colour. */
const PATHS: Record<PageId | 'menu', string> = {
  overview: 'M2 13h12M4 10.5v-3M7 10.5v-6M10 10.5v-4M13 10.5v-8',
  requests: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  keys: 'M6.900 9.100L13 3M10.500 5.500l2 2M5 13.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400z',
  playground: 'M5 3.200v9.600L13 8z',
  providers: 'M4.500 11.500h7a2.750 2.750 0 0 0 .3-5.480A4 4 0 0 0 4.100 7 2.300 2.300 0 0 0 4.500 11.500z',
  models: 'M8 1.800l5.500 3.100v6.200L8 14.200l-5.500-3.100V4.900zM2.500 4.900L8 8l5.500-3.100M8 8v6.200',
  changelog: 'M8 4.500V8l2.300 1.500M2.300 8a5.700 5.700 0 1 0 1.700-4L2.500 5.300M2.500 2.500v2.800h2.800',
  routing:
    'M2.500 8h4M6.500 8c2.500 0 2-4 4.500-4h2.500M6.500 8c2.500 0 2 4 4.500 4h2.500M12 2.500L13.500 4 12 5.500M12 10.500l1.500 1.500-1.500 1.500',
  users:
    'M6 7.500a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600zM1.800 13a4.200 4.200 0 0 1 8.400 0M10.500 3.100a2.300 2.300 0 0 1 0 4.200M11.800 9.400A4.200 4.200 0 0 1 14.200 13',
  audit: 'M4 1.800h5.500L12.500 5v9.200H4zM6 8h4.500M6 11h4.500',
  settings: 'M2.500 4.500h6M11.500 4.500h2M2.500 11.500h2M7.500 11.500h6M10 3v3M6 10v3',
  status: 'M1.800 8h3l2-4.500 2.800 9L11.500 8h2.700',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
};

export const Icon = ({ name }: { name: keyof typeof PATHS }) => (
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path
      d={PATHS[name]}
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
