import { type AssetUrls, Doorway } from '../layout.tsx';

/** Says what could not be done, and leads back. */
export const RefusalPage = ({ assets, title, message }: { assets: AssetUrls; title: string; message: string }) => (
  <Doorway title={title} assets={assets}>
    <p>{message}</p>
    <p>
      <a href="/dashboard">Back to the dashboard</a>
    </p>
  </Doorway>
);
