FROM node:24-bookworm-slim AS build
WORKDIR /app
# Packages first: they are installed anew only when the lock file changes.
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
COPY packages/verify/package.json packages/verify/
COPY web/package.json web/
RUN npm ci
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
COPY plugins plugins
COPY routes routes
COPY packages packages
COPY web web
RUN npm run build

# In a stage of its own, so that a change of the sources does not install again what the server runs with.
FROM node:24-bookworm-slim AS runtime
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
COPY packages/verify/package.json packages/verify/
COPY web/package.json web/
RUN npm ci --omit=dev

FROM node:24-bookworm-slim
# Given by who builds: docker build --build-arg VERSION=1.2.3 --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=0.0.0 REVISION=unknown
LABEL org.opencontainers.image.title="Dvokrok" \
  org.opencontainers.image.description="A self-hosted sign-in server with a second step" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
# A volume mounted here takes over the owner. Used only outside production, where secret and keys may be generated.
RUN install -d -o node -g node -m 700 /data
# The code belongs to root: the server cannot change itself.
COPY --from=runtime /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/web/dist web/dist
# So that npm run ... works here too: it finds nothing to build.
COPY scripts/build.js scripts/
COPY package.json LICENSE ./
RUN ln -s /app/dist/src/dvokrok.js /usr/local/bin/dvokrok
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would not pass the signal to stop on.
CMD ["node", "dist/src/dvokrok.js", "serve"]
