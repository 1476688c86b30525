# Builds the pages with all the tools, then keeps only what the server needs to run.
FROM node:24-bookworm-slim AS build
WORKDIR /opt/sanjiang
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node node_modules/vite/bin/vite.js build
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production
ENV HOST=0.0.0.0
ENV DATA_DIR=/var/lib/sanjiang
WORKDIR /opt/sanjiang
RUN install -d -o node -g node /var/lib/sanjiang
COPY --from=build /opt/sanjiang/package.json ./
COPY --from=build /opt/sanjiang/node_modules ./node_modules
COPY --from=build /opt/sanjiang/cities ./cities
COPY --from=build /opt/sanjiang/src ./src
COPY --from=build /opt/sanjiang/dist ./dist
USER node
VOLUME /var/lib/sanjiang
EXPOSE 8080 1883
HEALTHCHECK --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/ready').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/apps/server.ts"]
