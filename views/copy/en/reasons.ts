/** Why a model was chosen or left out, from the codes of a decision. Percentages, amounts and times come in written. */
export const reasons = {
  work: {
    simple: 'simple work',
    moderate: 'moderate work',
    complex: 'complex work',
    expert: 'expert work',
  },
  abilities: {
    tools: 'call tools',
    structuredOutput: 'keep to a JSON schema',
    vision: 'read images',
    pdf: 'read PDF files',
    audio: 'listen to audio',
    video: 'watch video',
  },
  judged: (work: string, confidence: string, model: string, is: string) =>
    `Judged as ${work} (confidence ${confidence}): ${model} is ${is}.`,
  stays: (model: string, because: string) => `Stays with ${model} in this conversation. ${because}`,
  asked: (model: string) => `The request names “${model}”.`,
  standIn: (model: string, fallback: string) =>
    `The request names “${model}”, which cannot be asked; “${fallback}” is named as its fallback.`,
  shadowAnswer: (request: string, model: string) =>
    `The gateway asked for another answer to request ${request}, to compare it with that of ${model}.`,
  shadowJudge: (request: string) => `The gateway asked which of two answers to request ${request} is better.`,
  estimated: (score: string, counted: string) =>
    `Its score of ${score} is estimated, not measured, and counts as ${counted}.`,
  littleRoom: (left: string) => `Of its provider’s rate limit ${left} is left, so it may not be answered.`,
  fromCache: 'Answered from the cache.',
  /** These go on from “model is” and stand alone. */
  first: {
    onlyOne: 'the only model left',
    nearest: (floor: string, work: string, rivals: string) =>
      `the nearest to the ${floor} that ${work} asks for, which none of ${rivals} is known to reach`,
    cheapest: (floor: string, rivals: string) => `the cheapest of ${rivals} to reach an expected success of ${floor}`,
    likeliest: (success: string, rivals: string) => `the most likely of ${rivals} to succeed, with ${success}`,
    fastest: (floor: string, rivals: string, time: string) =>
      `the fastest of ${rivals} to reach an expected success of ${floor}, with about ${time}`,
    bestWeighed: (success: string, rivals: string) =>
      `the best of ${rivals} when success (${success}), cost and time are weighed`,
  },
  nextCheapest: (floor: string) => `The next cheapest that is expected to succeed at least ${floor} of the time.`,
  nextLikeliest: (success: string) => `The next most likely to succeed, with ${success}.`,
  nextFastest: (time: string) => `The next fastest, with about ${time}.`,
  nextWeighed: (success: string) => `The next best when success (${success}), cost and time are weighed.`,
  spare: 'Stands by in case the provider of the others cannot be reached.',
  named: 'Named by the request.',
  namedCheapestFirst: 'Named by the request; the cheaper provider is asked first.',
  fallback: 'Named as a fallback.',
  unknownFallback: 'Named as a fallback, but there is no such model in the catalogue.',
  beaten: 'It could answer, but better ones fill the places.',
  short: (success: string, floor: string) =>
    `Expected to succeed ${success} of the time, short of the ${floor} asked for.`,
  shortButTried: (success: string, floor: string) =>
    `Expected to succeed ${success} of the time, short of the ${floor} asked for; only tried when the others fail.`,
  unrated: 'Nobody has told how good it is.',
  unratedButTried: 'Nobody has told how good it is; only tried when the others fail.',
  noKey: (provider: string) => `There is no key for ${provider}.`,
  notAllowed: 'This key may not use it.',
  otherDialects: (dialects: string) => `It is served through ${dialects} only.`,
  cannot: (ability: string) => `It cannot ${ability}, which the request needs.`,
  mayNotBeAble: (ability: string) => `It is not known to ${ability}, which the request needs.`,
  oneDialect: (dialect: string) => `The request has a tool or part that only ${dialect} knows.`,
  tooWeak: (score: string, asked: string) => `Its score of ${score} is less; the request asks for ${asked}.`,
  tooUnknown: (asked: string) => `Nobody has told how good it is; the request asks for ${asked}.`,
  tooLong: (tokens: string, window: string) => `About ${tokens} tokens do not fit into its context of ${window}.`,
  unpriced: 'It has no price, so its cost cannot be weighed.',
  tooDear: 'It is expected to cost more than this key may spend on one request.',
  retired: 'It has been retired.',
  replacedBy: (model: string) => `It has been retired; “${model}” replaces it.`,
  noChat: 'It does not answer chats.',
  conversation: {
    cannotGoOn: (model: string) => `${model} cannot answer this turn.`,
    stillBest: 'It is still the best.',
    asksMore: (model: string) => `This turn asks for more than ${model} is expected to do.`,
    likelier: 'Another one is clearly more likely to succeed.',
    toolLoop: 'It is in the middle of a tool loop.',
    movingSaves: (money: string, turns: string) =>
      `Moving saves ${money} for this turn and each of about ${turns} after it, writing the prefix anew included.`,
    movingCosts: (money: string, turns: string, cached: string) =>
      `Moving would cost ${money} for this turn and each of about ${turns} after it; the provider has ${cached} tokens in its cache.`,
  },
};
