import type { Copy } from '../index.ts';

export const providers: Copy['providers'] = {
  title: 'Proveedores',
  lead: 'De quién son los modelos que responden. Las claves se cifran en esta máquina y no se vuelven a mostrar.',
  connectTitle: 'Conectar un proveedor',
  provider: 'Proveedor',
  name: 'Nombre',
  namePlaceholder: 'cuenta del equipo',
  apiKey: 'Su clave de API',
  connect: 'Conectar',
  all: 'Todos los proveedores',
  states: { connected: 'conectado', simulated: 'simulado', off: 'sin conectar' },
  added: 'añadida',
  remove: 'Quitar',
  removeHint: 'Aquí se borra la clave. Para el proveedor sigue siendo válida.',
  whenSimulated: 'Sin clave responde el simulador integrado. No se gasta nada.',
  whenOff: 'Sin clave no se usan sus modelos.',
  whenConnected: 'Sus modelos responden.',
  whenFromOutside: 'Sus modelos responden. Se configuró fuera del panel.',
  connectedNotice: 'La clave está en uso.',
  removedNotice: 'La clave está borrada.',
};
