import { errors } from './errors.ts';

/** What the pages need to know of an error of ours. */
export interface Failure {
  code: string;
  message: string;
  param?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** The numbers and names of the message. */
  facts?: Readonly<Record<string, string | number>> | undefined;
}

/** By code and field, and by code alone. */
const SENTENCES: Record<string, string> = {
  'invalid_request email': 'Esto no es una dirección de correo.',
  'invalid_request password':
    'La contraseña necesita entre 12 y 256 caracteres, y no puede ser el correo ni un solo carácter repetido.',
  'invalid_request name': 'El nombre hace falta y tiene como mucho 100 caracteres.',
  'invalid_request strategy': 'La estrategia es una de las de la lista.',
  'invalid_request expiresAt': 'La caducidad es un momento del futuro.',
  'invalid_request limits.requestsPerMinute':
    'El límite es un número entero de peticiones, de 0 (sin límite) a 1.000.000.',
  'invalid_request fallbackModels': 'Son como mucho 10 modelos de reserva, cada uno con su nombre.',
  'invalid_request provider': 'Elige uno de los proveedores de la lista.',
  'invalid_request key': 'Esto no es una clave de proveedor: tiene entre 1 y 4096 caracteres, sin espacios.',
  'invalid_request taken': 'Ya hay alguien aquí con este correo.',
  'invalid_request role': 'El rol es uno de los de la lista.',
  'invalid_request lastAdmin': 'Es el último administrador. Haz antes administrador a otra persona.',
  'invalid_request oldPassword': 'Esta no es tu contraseña.',
  'invalid_request overlapHours': 'El tiempo es un número entero de horas, hasta 720.',
  'invalid_request baselineModel': 'No hay ningún modelo así en el catálogo.',
  'invalid_request defaultStrategy': 'La estrategia es una de las de la lista.',
  'invalid_request requestDays': 'Es un número entero, y no tan grande.',
  'invalid_request detailDays': 'Es un número entero, y no tan grande.',
  'invalid_request shadowPercent': 'La parte es un número de 0 a 100.',
  'invalid_request shadowDailyUsd': 'El presupuesto es una cantidad de dólares, y no tan grande.',
  'invalid_request shadowJudge': 'No hay ningún modelo así en el catálogo.',
  'invalid_request shadowModel': 'No hay ningún modelo así en el catálogo.',
  'invalid_request cacheTtlSeconds': 'Es un número entero, y no tan grande.',
  'invalid_request cacheMaxMib': 'Es un número entero, y no tan grande.',
  'invalid_request ownerId': 'No hay nadie así que pueda tener una clave.',
  'invalid_request limits': 'Los límites no se entienden.',
  'invalid_request limits.tokensPerMinute': 'El límite es un número entero de tokens.',
  'invalid_request limits.concurrentRequests': 'El límite es un número entero de peticiones.',
  'invalid_request limits.dailyBudgetNanoUsd': 'El importe va en dólares, como 12.50.',
  'invalid_request limits.monthlyBudgetNanoUsd': 'El importe va en dólares, como 12.50.',
  'invalid_request limits.maxRequestNanoUsd': 'El importe va en dólares, como 12.50.',
  'invalid_request limits.allowedModels': 'Son como mucho 1000 modelos, cada uno con su nombre.',
  'invalid_request limits.allowedStrategies': 'Las estrategias son de la lista, y entre ellas la de la clave.',
  'forbidden limits': 'Esto lo cambia un administrador.',
  'invalid_request prompt': 'Escribe primero una pregunta.',
  'invalid_request temperature': 'Es un número de 0 a 2.',
  'invalid_request maxTokens': 'Es un número entero de 1 a 1.000.000.',
  'invalid_request tolerance': 'Es un número de 0 a 10.',
  'conflict replay': 'Ya hay una repetición en marcha. Espera a que termine.',
  'not_found key': 'No hay tal clave.',
  'forbidden key': 'Elige una de las claves que puedes usar.',
  'invalid_request weight': 'El peso es un número entero de 0 (apartada) a 100.',
  'invalid_request id': 'El identificador son palabras en minúsculas unidas por guiones, como mi-servidor.',
  'invalid_request baseUrl':
    'La URL base empieza por https:// o http:// y no lleva usuario, contraseña, consulta ni fragmento.',
  'invalid_request models': 'Hace falta al menos un modelo, y ninguno dos veces.',
  'conflict id': 'Ya hay un proveedor con este identificador. Elige otro.',
  not_found: 'Esto ya no existe.',
  invalid_key: 'El correo o la contraseña no son correctos.',
  'forbidden token':
    'Este enlace ya no es válido. Reinicia la pasarela: muestra uno nuevo hasta que haya un administrador.',
  forbidden: 'Tu rol aquí no permite esto. Pídeselo a un administrador.',
  body_too_large: 'Este formulario es más grande que cualquiera de los nuestros.',
};

export function inSpanish({ code, param, retryAfterSeconds, facts }: Failure): string | null {
  if (code === 'rate_limited' && retryAfterSeconds !== undefined) {
    return `Demasiados intentos. Vuelve a probar en ${waitInWords(retryAfterSeconds)}.`;
  }
  if (code === 'invalid_request' && facts?.model !== undefined) {
    return `En el catálogo no hay ningún modelo «${facts.model}».`;
  }
  // Made in the language of the page.
  if (facts?.complaint !== undefined) return String(facts.complaint);
  if (facts?.total !== undefined) return nothingLeft(facts);
  const wider = code === 'forbidden' && param?.startsWith('limits.');
  if (wider) return 'Una clave no puede más que quien la crea, y tus propios límites son más estrechos.';
  const field = param?.replace(/\[.*$/, '');
  const words: Record<string, string> = errors;
  return (
    SENTENCES[`${code} ${field}`] ?? SENTENCES[code] ?? (Object.hasOwn(words, code) ? (words[code] ?? null) : null)
  );
}

const LEFT_OUT: Record<string, string> = {
  'no-provider': 'son de un proveedor sin clave',
  'too-weak': 'puntúan menos de lo que pide la petición',
  ability: 'no saben hacer lo que la petición necesita',
  format: 'son de un proveedor que no conoce una herramienta o parte de ella',
  context: 'se le quedan pequeños',
  unpriced: 'no tienen precio que comparar',
  'not-allowed': 'no se pueden usar con esta clave',
  'too-dear': 'cuestan más de lo que la clave puede gastar en una petición',
};

/** Why no model was left, in counts. */
function nothingLeft({ total, ...counts }: NonNullable<Failure['facts']>): string {
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${LEFT_OUT[kind] ?? kind}`);
  const why = parts.length === 0 ? '.' : `: de ${total}, ${parts.join(', ')}.`;
  return `No queda ningún modelo para responder a esta petición${why}`;
}

function waitInWords(seconds: number): string {
  if (seconds >= 120) return `${Math.ceil(seconds / 60)} minutos`;
  return seconds === 1 ? '1 segundo' : `${seconds} segundos`;
}
