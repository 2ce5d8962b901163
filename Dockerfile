# One image for every process of Tributary; docker-compose.yml says which one a container runs.
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
# The registry's console, as its pages are sent.
RUN node scripts/build-console.ts
# The compiled sources, as far as starting takes them: see service/compile-cache.js.
RUN node --max-semi-space-size=16 --import ./service/compile-cache.js gateway/main.ts --help > /dev/null
# Where a volume keeps the last good supergraph.
RUN install -d -o node -g node .data
USER node
EXPOSE 4000
CMD ["node", "--max-semi-space-size=16", "--import", "./service/compile-cache.js", "gateway/main.ts"]
