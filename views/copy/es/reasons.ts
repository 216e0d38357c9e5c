import type { Copy } from '../index.ts';

export const reasons: Copy['reasons'] = {
  work: {
    simple: 'trabajo sencillo',
    moderate: 'trabajo moderado',
    complex: 'trabajo complejo',
    expert: 'trabajo experto',
  },
  abilities: {
    tools: 'llamar a herramientas',
    structuredOutput: 'ceñirse a un esquema JSON',
    vision: 'leer imágenes',
    pdf: 'leer ficheros PDF',
    audio: 'escuchar audio',
    video: 'ver vídeo',
  },
  judged: (work, confidence, model, is) => `Parece ${work} (confianza del ${confidence}): ${model} es ${is}.`,
  stays: (model, because) => `Sigue con ${model} en esta conversación. ${because}`,
  asked: (model) => `La petición nombra «${model}».`,
  standIn: (model, fallback) =>
    `La petición nombra «${model}», al que no se puede preguntar; «${fallback}» está nombrado como su reserva.`,
  shadowAnswer: (request, model) =>
    `La pasarela pidió otra respuesta a la petición ${request}, para compararla con la de ${model}.`,
  shadowJudge: (request) => `La pasarela preguntó cuál de dos respuestas a la petición ${request} es mejor.`,
  estimated: (score, counted) => `Su puntuación de ${score} es estimada, no medida, y cuenta como ${counted}.`,
  littleRoom: (left) => `Del límite de uso de su proveedor queda el ${left}, así que quizá no obtenga respuesta.`,
  fromCache: 'Respondida desde la caché.',
  first: {
    onlyOne: 'el único modelo que queda',
    nearest: (floor, work, rivals) =>
      `el más cercano al ${floor} que pide un ${work}, que no se sabe que alcance ninguno de los ${rivals}`,
    cheapest: (floor, rivals) => `el más barato de ${rivals} con un acierto esperado de al menos el ${floor}`,
    likeliest: (success, rivals) => `el que más probablemente acierte de ${rivals}, con un ${success}`,
    fastest: (floor, rivals, time) =>
      `el más rápido de ${rivals} con un acierto esperado de al menos el ${floor}: unos ${time}`,
    bestWeighed: (success, rivals) => `el mejor de ${rivals} al ponderar acierto (${success}), coste y tiempo`,
  },
  nextCheapest: (floor) => `El siguiente más barato del que se espera que acierte al menos el ${floor} de las veces.`,
  nextLikeliest: (success) => `El siguiente con más probabilidad de acertar: un ${success}.`,
  nextFastest: (time) => `El siguiente más rápido: unos ${time}.`,
  nextWeighed: (success) => `El siguiente mejor al ponderar acierto (${success}), coste y tiempo.`,
  spare: 'Está de reserva por si no se llega al proveedor de los demás.',
  named: 'Nombrado en la petición.',
  namedCheapestFirst: 'Nombrado en la petición; se pregunta primero al proveedor más barato.',
  fallback: 'Nombrado como reserva.',
  unknownFallback: 'Nombrado como reserva, pero no hay tal modelo en el catálogo.',
  beaten: 'Podría responder, pero otros mejores ocupan los puestos.',
  short: (success, floor) => `Se espera que acierte el ${success} de las veces, menos del ${floor} que se pide.`,
  shortButTried: (success, floor) =>
    `Se espera que acierte el ${success} de las veces, menos del ${floor} que se pide; solo se prueba si fallan los demás.`,
  unrated: 'Nadie ha dicho lo bueno que es.',
  unratedButTried: 'Nadie ha dicho lo bueno que es; solo se prueba si fallan los demás.',
  noKey: (provider) => `No hay clave para ${provider}.`,
  notAllowed: 'Esta clave no puede usarlo.',
  otherDialects: (dialects) => `Solo se sirve por ${dialects}.`,
  cannot: (ability) => `No puede ${ability}, y la petición lo necesita.`,
  mayNotBeAble: (ability) => `No se sabe si puede ${ability}, y la petición lo necesita.`,
  oneDialect: (dialect) => `La petición lleva una herramienta o parte que solo conoce ${dialect}.`,
  tooWeak: (score, asked) => `Su puntuación de ${score} no llega: la petición pide ${asked}.`,
  tooUnknown: (asked) => `Nadie ha dicho lo bueno que es; la petición pide ${asked}.`,
  tooLong: (tokens, window) => `Unos ${tokens} tokens no caben en su contexto de ${window}.`,
  unpriced: 'No tiene precio, así que su coste no se puede ponderar.',
  tooDear: 'Se espera que cueste más de lo que esta clave puede gastar en una petición.',
  retired: 'Está retirado.',
  replacedBy: (model) => `Está retirado; lo sustituye «${model}».`,
  noChat: 'No contesta a conversaciones.',
  conversation: {
    cannotGoOn: (model) => `${model} no puede contestar este turno.`,
    stillBest: 'Sigue siendo el mejor.',
    asksMore: (model) => `Este turno pide más de lo que se espera de ${model}.`,
    likelier: 'Otro tiene claramente más probabilidad de acertar.',
    toolLoop: 'Está en mitad de una serie de herramientas.',
    movingSaves: (money, turns) =>
      `Cambiar ahorra ${money} en este turno y en cada uno de los ${turns} que se esperan, incluido escribir el prefijo de nuevo.`,
    movingCosts: (money, turns, cached) =>
      `Cambiar costaría ${money} en este turno y en cada uno de los ${turns} que se esperan; el proveedor tiene ${cached} tokens en su caché.`,
  },
};
