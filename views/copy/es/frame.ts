import type { Copy } from '../index.ts';

export const frame: Copy['frame'] = {
  skip: 'Ir al contenido',
  menu: 'Menú',
  pages: 'Páginas',
  account: 'Cuenta',
  language: 'Idioma',
  theme: 'Apariencia',
  themes: { system: 'Sistema', light: 'Clara', dark: 'Oscura' },
  signOut: 'Cerrar sesión',
  roles: { admin: 'Administración', member: 'Miembro', viewer: 'Lectura' },
  groups: { watch: 'Observar', use: 'Usar', models: 'Modelos', admin: 'Administración' },
  navigation: {
    overview: 'Resumen',
    requests: 'Peticiones',
    keys: 'Claves',
    playground: 'Pruebas',
    providers: 'Proveedores',
    models: 'Modelos',
    changelog: 'Cambios',
    routing: 'Enrutado',
    users: 'Personas',
    audit: 'Auditoría',
    settings: 'Ajustes',
    status: 'Estado',
  },
};
