import { anthropic } from './anthropic.ts';
import { google } from './google.ts';
import { openai } from './openai.ts';
import type { Scraper } from './scraper.ts';

/** The providers whose price pages are read. */
export const SCRAPERS: readonly Scraper[] = [openai, anthropic, google];
