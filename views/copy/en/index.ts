import { common } from './common.ts';
import { doors } from './doors.ts';
import { frame } from './frame.ts';
import { keys } from './keys.ts';
import { overview } from './overview.ts';
import { playground } from './playground.ts';
import { providers } from './providers.ts';
import { replay } from './replay.ts';
import { request } from './request.ts';
import { requests } from './requests.ts';
import { routing } from './routing.ts';

export const en = { common, doors, frame, keys, overview, playground, providers, replay, request, requests, routing };
