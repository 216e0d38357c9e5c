import { type Call, jsonReply, type Reply } from '../call.ts';
export function answerGoogle(_c: Call): Reply {
  return jsonReply({});
}
