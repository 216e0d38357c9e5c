export { isVendor, VENDORS, type Vendor } from './call.ts';
export { type Simulator, startSimulator } from './server.ts';
