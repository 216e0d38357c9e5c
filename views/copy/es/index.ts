import type { Copy } from '../index.ts';
import { common } from './common.ts';
import { doors } from './doors.ts';
import { frame } from './frame.ts';
import { keys } from './keys.ts';
import { overview } from './overview.ts';
import { providers } from './providers.ts';
import { request } from './request.ts';
import { requests } from './requests.ts';

export const es: Copy = { common, doors, frame, keys, overview, providers, request, requests };
