# Two images of one source: `docker-compose up -d` builds both. See docs/deploy.md.

FROM oven/bun:1.4.5-slim AS dependencies
WORKDIR /app
COPY package.json bun.lock ./
# What only compilers and editors read stays out: types, source maps, and the compiler that a package asks for beside itself.
RUN bun install --frozen-lockfile --production --ignore-scripts \
  && rm -rf node_modules/typescript node_modules/bun-types node_modules/@types node_modules/.bin \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' \) -delete

FROM oven/bun:1.4.5-slim AS backend
# How many provider calls may be under way at once is read by Bun before our first line runs.
ENV NODE_ENV=production \
  BUN_CONFIG_MAX_HTTP_REQUESTS=65336 \
  HOST=0.0.0.0 \
  PORT=8000 \
  DATA_DIR=/app/data
WORKDIR /app
COPY deploy/as-owner.sh /usr/local/bin/as-owner
COPY --from=dependencies /app/node_modules node_modules
COPY package.json tsconfig.json LICENSE ./
COPY registry registry
COPY views views
COPY src src
# The files that pages are made of, for the frontend; and the data folder, for who mounts a volume that Docker makes.
RUN bun src/cli/write-assets.ts /srv \
  && mkdir data \
  && chown bun:bun data
USER bun
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["bun", "src/cli/health-check.ts"]
ENTRYPOINT ["as-owner"]
CMD ["bun", "src/main.ts"]

FROM caddy:2.11.9-alpine AS frontend
# Certificates, where Caddy gets some, and nothing else is written.
ENV HOME=/state \
  XDG_CONFIG_HOME=/state \
  XDG_DATA_HOME=/state
COPY deploy/Caddyfile deploy/Caddyfile.public deploy/gateway.caddy deploy/options.caddy /etc/caddy/
COPY --from=backend /srv /srv
RUN mkdir /state \
  && chown 1000:1000 /state
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3001"]
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
