# One image for every process of Tributary; docker-compose.yml says which one a container runs.
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
USER node
EXPOSE 4000
CMD ["node", "--max-semi-space-size=64", "gateway/main.ts"]
