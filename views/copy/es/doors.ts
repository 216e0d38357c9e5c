import type { Copy } from '../index.ts';

export const doors: Copy['doors'] = {
  signIn: 'Iniciar sesión',
  email: 'Correo electrónico',
  password: 'Contraseña',
  name: 'Nombre',
  setUp: 'Configura tu pasarela',
  almostThere: 'Ya casi está',
  noAdmin: 'Esta pasarela está en marcha y aún no tiene administrador.',
  openLink:
    'Abre el enlace de configuración que mostró al arrancar. ¿Lo has perdido? Reinicia la pasarela: muestra uno nuevo hasta que alguien lo use.',
  linkInvalid: 'Este enlace de configuración ya no es válido.',
  linkOld:
    'Lo sustituyó uno más reciente o tiene más de un día. Reinicia la pasarela: muestra uno nuevo hasta que alguien lo use.',
  firstAdmin: 'Serás su primer administrador. Este enlace funciona una sola vez.',
  nameHint: 'Cómo te ven los demás aquí. Opcional.',
  passwordHint: 'Al menos 12 caracteres; unas cuantas palabras seguidas van bien.',
  createAdmin: 'Crear el administrador',
  back: 'Volver al panel',
  notUnderstood: 'No se ha entendido',
  notAllowed: 'No permitido',
  notFound: 'No encontrado',
  noSuchPage: 'Aquí no hay ninguna página así.',
  roleForbids: (role) => `Tu rol aquí es «${role}» y no permite esto. Pídeselo a un administrador.`,
  notFromHere: 'No desde aquí',
  crossOrigin: 'Esta petición vino de otro sitio. Abre el propio panel e inténtalo de nuevo.',
  reload: 'Recarga la página',
  staleForm: 'Este formulario es de una sesión anterior. Vuelve atrás, recarga la página e inténtalo de nuevo.',
};
